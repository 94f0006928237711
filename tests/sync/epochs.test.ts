import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import { encodeHello, encodeSync, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { SYSTEM } from '#server/audit/who.ts';
import type { SyncLimits } from '#server/sync/limits.ts';
import { BOARD, runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { connectUsualClient, joinAsUsualClient } from '../support/usual-client.ts';

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;

beforeAll(async () => {
	app = await startSyncApp();
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
});
afterAll(() => app.close());

const raiseEpoch = () => runSql(app, `update board set epoch = epoch + 1 where id = '${BOARD}'`);

async function hello(epoch: number, seq: number): Promise<RawClient> {
	const raw = await RawClient.open(app, `/${BOARD}`, mei);
	raw.send(encodeHello({ version: PROTOCOL_VERSION, epoch, seq }));
	return raw;
}

describe('[S60] a hello', () => {
	test('with the board’s epoch and a seq of its past is welcome', async () => {
		const { epoch, seq } = await app.journal.head(BOARD);
		for (const known of [1, seq]) {
			const raw = await hello(epoch, known);
			expect((await raw.get('hello')).hello).toMatchObject({ epoch, seq });
			raw.terminate();
		}
	});
	test.each([
		['an older epoch', -1, 0],
		['a newer epoch', 1, 0],
		['a seq the board has not reached', 0, 1]
	])('with %s is closed with 4409, and its copy is not taken', async (_, epochs, seqs) => {
		raiseEpoch();
		const { epoch, seq } = await app.journal.head(BOARD);
		const raw = await hello(epoch + epochs, seq + seqs);
		expect(await raw.closeCode()).toBe(4409);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);
	});
	test('without a copy may say any epoch', async () => {
		const { epoch } = await app.journal.head(BOARD);
		for (const said of [0, epoch - 1, epoch + 7]) {
			const raw = await hello(said, 0);
			expect((await raw.get('hello')).hello).toMatchObject({ epoch });
			raw.terminate();
		}
	});
});

describe('[S61] when the epoch is raised', () => {
	test('every connection is closed with 4409, also if nobody writes', async () => {
		const peer = await BoardPeer.join(app, BOARD, mei);
		const plain = await joinAsUsualClient(app, BOARD, bo);
		raiseEpoch();
		await until('the close', () => peer.raw.closed && plain.closeCodes.length > 0, 2_000);
		expect(peer.raw.closed?.code).toBe(4409);
		expect(plain.closeCodes).toEqual([4409]);
		expect(plain.provider.shouldConnect).toBe(false); // it would merge what must not be merged
		plain.destroy();
	});

	test('nothing is written under the old one, and who begins anew is welcome', async () => {
		const [peer, other] = [await BoardPeer.join(app, BOARD, mei), await BoardPeer.join(app, BOARD, bo)];
		await peer.saved();
		const { id, name } = peer.board.projects[0]!;
		const { seq, epoch } = await app.journal.head(BOARD);
		raiseEpoch();
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '在旧的时代里' }));
		expect([await peer.raw.closeCode(), await other.raw.closeCode()]).toEqual([4409, 4409]);
		expect(peer.acked).toBe(1);
		expect(other.nameOf(id)).toBe(name);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);

		const late = await BoardPeer.open(app, BOARD, mei, { doc: peer.doc, hello: { epoch, seq } });
		expect(await late.raw.closeCode()).toBe(4409);
		const anew = await BoardPeer.join(app, BOARD, mei, { doc: new Y.Doc() });
		await anew.saved();
		expect((await anew.raw.get('hello')).hello).toMatchObject({ epoch: epoch + 1, seq });
		expect(anew.nameOf(id)).toBe(name);
		anew.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '在新的时代里' }));
		await anew.saved();
		const entry = (await Array.fromAsync(app.journal.entries(BOARD, seq)))[0];
		expect(entry).toMatchObject({ seq: seq + 1, epoch: epoch + 1 });
		anew.leave();
	});
});

describe('[S62] an epoch that begins with a fresh document', () => {
	const compact = () => app.app.context.boards.compact(BOARD, SYSTEM);
	const rename = (peer: BoardPeer, id: string, value: string) =>
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value }));

	test('shows the same board to who comes back, and takes their edits', async () => {
		const peer = await BoardPeer.join(app, BOARD, mei);
		const { id } = peer.board.projects[0]!;
		rename(peer, id, '之前');
		await peer.saved();
		const { board } = peer;
		await compact();
		expect(await peer.raw.closeCode()).toBe(4409);
		const back = await BoardPeer.join(app, BOARD, mei);
		expect(back.board).toEqual(board);
		expect(back.doc.store.clients.size).toBe(1);
		rename(back, id, '之后');
		await back.saved();
		expect((await app.journal.verify(BOARD)).ok).toBe(true);
		back.leave();
	});

	test('is of an empty document, so that nobody who writes meanwhile is told that it is saved', async () => {
		const peer = await BoardPeer.join(app, BOARD, mei);
		await peer.saved();
		const { id } = peer.board.projects[0]!;
		await compact();
		const acked = peer.acked;
		rename(peer, id, '在两个文档之间');
		expect(await peer.raw.closeCode()).toBe(4409);
		expect(peer.acked).toBe(acked);
		const back = await BoardPeer.join(app, BOARD, mei);
		expect(back.nameOf(id)).not.toBe('在两个文档之间');
		back.leave();
	});
});

describe('[S63] a client with the document of an epoch that has ended', () => {
	let turn = 0;
	/** What the board was before, as somebody kept it, and the board after. */
	async function twoEpochs(): Promise<{ old: Y.Doc; id: string; seq: number }> {
		const peer = await BoardPeer.join(app, BOARD, mei);
		const { id } = peer.board.projects[0]!;
		peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value: `旧文档里的第${turn++}个名字` }));
		await peer.saved();
		peer.leave();
		await app.app.context.boards.compact(BOARD, SYSTEM);
		return { old: peer.doc, id, seq: (await app.journal.head(BOARD)).seq };
	}
	const step1 = (doc: Y.Doc) => encodeSync(SYNC.step1, Y.encodeStateVector(doc));
	const unchanged = async (seq: number) => {
		expect((await app.journal.head(BOARD)).seq).toBe(seq);
		const fresh = await BoardPeer.join(app, BOARD, bo);
		expect(fresh.doc.store.clients.size).toBe(1);
		fresh.leave();
	};

	test('is closed with 4409 if it is the usual one, does not come back, and nothing of it is merged', async () => {
		const { old, id, seq } = await twoEpochs();
		setField(old, { projectId: id, field: 'name', value: '离线时改的' });
		const plain = connectUsualClient(app, BOARD, mei, old);
		await until('the close', () => plain.closeCodes.length > 0);
		expect(plain.closeCodes).toEqual([4409]);
		expect(plain.provider.shouldConnect).toBe(false);
		expect(plain.nameOf(id)).toBe('离线时改的');
		plain.destroy();
		await unchanged(seq);
	});

	test.each([true, false])('is not sent anything of the new one (hello: %s)', async (saysHello) => {
		const { old, seq } = await twoEpochs();
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		if (saysHello) raw.send(encodeHello({ version: PROTOCOL_VERSION, epoch: 0, seq: 0 }));
		raw.send(step1(old));
		expect(await raw.closeCode()).toBe(4409);
		expect(raw.heard.filter(({ type }) => type === 'step2')).toEqual([]);
		await unchanged(seq);
	});

	test.each([
		['the whole of it', (old: Y.Doc) => Y.encodeStateAsUpdate(old)],
		[
			'its last edit alone',
			(old: Y.Doc) => {
				const before = Y.encodeStateVector(old);
				old.getMap('meta').set('title', '旧的');
				return Y.encodeStateAsUpdate(old, before);
			}
		],
		['what was deleted in it', (old: Y.Doc) => deletionsOf(old)]
	])('is closed whatever it sends, whether or not it said hello: %s', async (_, updateOf) => {
		for (const [kind, saysHello] of [
			[SYNC.update, true],
			[SYNC.step2, false],
			[SYNC.update, false]
		] as const) {
			const { old, seq } = await twoEpochs();
			const update = updateOf(old);
			const raw = await RawClient.open(app, `/${BOARD}`, mei);
			if (saysHello) raw.send(encodeHello({ version: PROTOCOL_VERSION, epoch: 0, seq: 0 }));
			raw.send(encodeSync(kind, update));
			const isGap = await until(
				'the answer',
				() => raw.closed || raw.heard.filter(({ type }) => type === 'step1').length > 1
			).then(() => !raw.closed);
			// an update that only builds on the old document has a gap: the answer to the question for it tells
			if (isGap) raw.send(encodeSync(SYNC.step2, Y.encodeStateAsUpdate(old)));
			expect(await raw.closeCode()).toBe(4409);
			await unchanged(seq);
		}
	});

	test('is told so before it is told that its role does not allow it', async () => {
		const { old, seq } = await twoEpochs();
		const eve = await app.addPerson(`eve-${seq}`, 'viewer');
		const raw = await RawClient.open(app, `/${BOARD}`, eve);
		raw.send(encodeSync(SYNC.step2, Y.encodeStateAsUpdate(old)));
		expect(await raw.closeCode()).toBe(4409);
	});
});

describe('[S64] a board that everybody has left', () => {
	/** A board of which two people changed much, and how its document was measured after everybody left. */
	async function leftBoard(rule: Partial<SyncLimits>) {
		const own = await startSyncApp({ limits: { idleRoomMs: 20, ...rule } });
		const person = await own.addPerson('mei', 'planner');
		const peers = [await BoardPeer.join(own, BOARD, person), await BoardPeer.join(own, BOARD, person)];
		const { id } = peers[0]!.board.projects[0]!;
		for (let turn = 0; turn < 20; turn++) {
			const [writer, reader] = turn % 2 ? peers : [...peers].reverse();
			writer!.edit((doc) => setField(doc, { projectId: id, field: 'name', value: `第${turn}个名字` }));
			await reader!.shows(id, `第${turn}个名字`);
		}
		const before = await own.journal.head(BOARD);
		const { board } = peers[0]!;
		for (const peer of peers) peer.leave();
		const measured = () => own.log.find(({ msg }) => msg === 'the traces of the past were measured');
		await until('the measuring', () => measured() !== undefined);
		return { own, before, board, person, measured: measured()! };
	}

	test.each<[string, Partial<SyncLimits>]>([
		['its document has grown past its rule', { compactionBytes: 1, compactionTimes: 0.5 }],
		['more Yjs clients have written than its rule says', { compactionClients: 2 }]
	])('is compacted if %s; who comes finds the same board', async (_, rule) => {
		const { own, before, board, person, measured } = await leftBoard(rule);
		expect(measured).toMatchObject({ board: BOARD, seq: before.seq + 1 });
		expect(await own.journal.head(BOARD)).toMatchObject({ seq: before.seq + 1, epoch: before.epoch + 1 });
		const back = await BoardPeer.join(own, BOARD, person);
		expect(back.board).toEqual(board);
		expect(back.doc.store.clients.size).toBe(1);
		back.leave();
		await own.close();
	});

	test('is left as it is if its document has not', async () => {
		const { own, before, measured } = await leftBoard({ compactionBytes: 1, compactionTimes: 3 });
		expect(measured).toMatchObject({ board: BOARD, seq: null });
		expect(await own.journal.head(BOARD)).toEqual(before);
		await own.close();
	});
});

/** An update that only deletes. */
function deletionsOf(doc: Y.Doc): Uint8Array {
	return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(doc));
}
