import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import { encodeHello, encodeSync, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
const open: { terminate(): void }[] = [];

beforeAll(async () => {
	app = await startSyncApp();
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
});
afterAll(() => app.close());
afterEach(() => {
	for (const client of open.splice(0)) client.terminate();
});

async function join(person: TestPerson, doc?: Y.Doc): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, BOARD, person, doc && { doc });
	open.push(peer.raw);
	await peer.saved();
	return peer;
}

/** A greeted connection that answers nothing by itself. */
async function openRaw(person: TestPerson): Promise<RawClient> {
	const raw = await RawClient.open(app, `/${BOARD}`, person);
	open.push(raw);
	raw.send(encodeHello({ version: PROTOCOL_VERSION, epoch: 0, seq: 0 }));
	await raw.get('hello');
	return raw;
}

/** A copy of the board nobody else has, and the updates of renaming its first project so many times. */
async function renamings(count: number): Promise<{ id: string; updates: Uint8Array[]; doc: Y.Doc }> {
	const peer = await join(mei);
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(peer.doc));
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	const { id } = peer.board.projects[0]!;
	for (let index = 0; index < count; index++)
		setField(doc, { projectId: id, field: 'name', value: `第${index}版 ${doc.clientID}` });
	return { id, updates, doc };
}
const seqNow = async () => (await app.journal.head(BOARD)).seq;
const update = (bytes: Uint8Array) => encodeSync(SYNC.update, bytes);
const step2 = (bytes: Uint8Array) => encodeSync(SYNC.step2, bytes);

describe('[S30] an ack', () => {
	test('counts every update-carrying message of its connection, and names the board’s seq', async () => {
		const { updates } = await renamings(3);
		const before = await seqNow();
		const raw = await openRaw(mei);
		raw.send(update(updates[0]!));
		expect((await raw.get('ack')).ack).toEqual({ count: 1, seq: before + 1 });
		raw.send(step2(updates[1]!));
		expect((await raw.get('ack', 2)).ack).toEqual({ count: 2, seq: before + 2 });
		raw.send(step2(Uint8Array.of(0, 0))); // an empty answer
		expect((await raw.get('ack', 3)).ack).toEqual({ count: 3, seq: before + 2 });
		raw.send(update(updates[2]!));
		expect((await raw.get('ack', 4)).ack).toEqual({ count: 4, seq: before + 3 });
	});

	test('may stand for many, never for what is not committed', async () => {
		const { updates, id, doc } = await renamings(50);
		const raw = await openRaw(mei);
		raw.send(...updates.map(update));
		const acked = async () => {
			await raw.get('ack');
			return raw.all('ack').at(-1)!.ack;
		};
		for (;;) {
			const { count, seq } = await acked();
			expect((await app.journal.head(BOARD)).seq).toBeGreaterThanOrEqual(seq);
			if (count === 50) break;
			await raw.get('ack', raw.all('ack').length + 1);
		}
		const { board } = await app.app.context.boardReader.read(BOARD);
		expect(board.projects.find((project) => project.id === id)?.name).toBe(`第49版 ${doc.clientID}`);
		expect(raw.all('ack').map(({ ack }) => ack.count)).toEqual(
			raw
				.all('ack')
				.map(({ ack }) => ack.count)
				.sort((a, b) => a - b)
		);
	});

	test('comes after what others wrote before it has reached its reader', async () => {
		const [one, two] = [await join(mei), await join(bo)];
		const { id } = one.board.projects[1]!;
		two.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '先来' }));
		await two.saved();
		one.edit((doc) => setField(doc, { projectId: id, field: 'nameEn', value: 'later' }));
		await one.saved();
		expect(one.nameOf(id)).toBe('先来');
	});
});

describe('[S31] what the board knows', () => {
	test('is acked and journals nothing, also when somebody else sends it', async () => {
		const { updates, doc } = await renamings(4);
		const raw = await openRaw(mei);
		raw.send(...updates.map(update));
		const other = await openRaw(bo);
		const first = await openRaw(mei);
		await raw.get('ack');
		while (raw.all('ack').at(-1)!.ack.count < 4) await raw.get('ack', raw.all('ack').length + 1);
		const seq = await seqNow();
		const whole = Y.encodeStateAsUpdate(doc);
		for (const client of [other, first]) {
			client.send(update(updates[2]!), update(updates[0]!), step2(whole), update(whole));
			await client.get('ack', 4);
			expect(client.all('ack').map(({ ack }) => ack)).toEqual([1, 2, 3, 4].map((count) => ({ count, seq })));
		}
		expect(await seqNow()).toBe(seq);
	});

	test('brings its new part in, with the old part beside it', async () => {
		const { updates, doc, id } = await renamings(2);
		const raw = await openRaw(mei);
		raw.send(update(updates[0]!));
		await raw.get('ack');
		const seq = await seqNow();
		raw.send(step2(Y.encodeStateAsUpdate(doc))); // all of the board again, and one renaming more
		expect((await raw.get('ack', 2)).ack).toEqual({ count: 2, seq: seq + 1 });
		const { board } = await app.app.context.boardReader.read(BOARD);
		expect(board.projects.find((project) => project.id === id)?.name).toBe(`第1版 ${doc.clientID}`);
		const owners = await app.journal.clientOwners(BOARD);
		expect(owners.get(doc.clientID)).toBe(mei.id);
	});
});

describe('[S32] a gap', () => {
	test('is not stored and not acked; the answer stands for all', async () => {
		const { updates, doc, id } = await renamings(4);
		const raw = await openRaw(mei);
		const before = await seqNow();
		const asked = raw.all('step1').length;
		raw.send(update(updates[1]!), update(updates[2]!)); // the first one is on its way elsewhere
		const { stateVector } = await raw.get('step1', asked + 1);
		raw.send(update(updates[0]!)); // fits, but an ack of 3 would vouch for the two before
		raw.send([100, 1, 0, 0]);
		await raw.get('hello', 2);
		expect(raw.all('ack')).toEqual([]);
		expect(raw.all('step1')).toHaveLength(asked + 1); // one question for all of them
		raw.send(step2(Y.encodeStateAsUpdate(doc, stateVector)));
		expect((await raw.get('ack')).ack.count).toBe(4);
		expect(raw.all('ack')).toHaveLength(1);
		expect(await seqNow()).toBe(before + 2);
		const { board } = await app.app.context.boardReader.read(BOARD);
		expect(board.projects.find((project) => project.id === id)?.name).toBe(`第3版 ${doc.clientID}`);
	});

	test('of what somebody else wrote and the board lacks is one as well', async () => {
		const { doc, id } = await renamings(1); // never sent
		const child = new Y.Doc();
		Y.applyUpdate(child, Y.encodeStateAsUpdate(doc));
		const updates: Uint8Array[] = [];
		child.on('update', (bytes: Uint8Array) => updates.push(bytes));
		setField(child, { projectId: id, field: 'name', value: '建在没有的上面' });
		const raw = await openRaw(bo);
		const before = await seqNow();
		const asked = raw.all('step1').length;
		raw.send(update(updates[0]!));
		await raw.get('step1', asked + 1);
		expect(await seqNow()).toBe(before);
	});

	test('of a deletion of what is not here is one as well', async () => {
		const raw = await openRaw(bo);
		const asked = raw.all('step1').length;
		// no structs; one client, id 77, one deleted range 5..7
		raw.send(update(Uint8Array.of(0, 1, 77, 1, 5, 3)));
		await raw.get('step1', asked + 1);
		expect(raw.all('ack')).toEqual([]);
		raw.send(step2(Uint8Array.of(0, 0)));
		expect((await raw.get('ack')).ack.count).toBe(2);
	});
});

describe('[S33] the third answer in a row with a gap', () => {
	async function answerWithGaps(raw: RawClient, bytes: Uint8Array): Promise<void> {
		const asked = raw.all('step1').length;
		raw.send(step2(bytes));
		await raw.get('step1', asked + 1);
		raw.send(step2(bytes));
		await raw.get('step1', asked + 2);
		raw.send(step2(bytes));
	}
	test('is refused', async () => {
		const { updates } = await renamings(2);
		const raw = await openRaw(mei);
		await answerWithGaps(raw, updates[1]!);
		expect((await raw.get('refused')).refused).toMatchObject({ count: 3, code: 'gap' });
		expect(raw.all('ack')).toEqual([]);
	});
	test('closes the usual client with 4422', async () => {
		const { updates } = await renamings(2);
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		await answerWithGaps(raw, updates[1]!);
		expect(await raw.closeCode()).toBe(4422);
	});
	test('an answer without one in between starts anew', async () => {
		const { updates } = await renamings(2);
		const raw = await openRaw(mei);
		for (let round = 0; round < 4; round++) {
			const asked = raw.all('step1').length;
			raw.send(step2(updates[1]!));
			await raw.get('step1', asked + 1);
			raw.send(step2(Uint8Array.of(0, 0)));
			await raw.get('ack', round + 1);
		}
		expect(raw.all('refused')).toEqual([]);
	});
});
