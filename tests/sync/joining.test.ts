import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inflateSync } from 'node:zlib';
import * as Y from 'yjs';
import { removeProject, setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { encodeHello, encodeSync, markOf, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';

/** Few, so that a copy is soon older than memory reaches back. */
const TAIL_ENTRIES = 12;
const LIMITS = {
	recheckMs: 20,
	idleRoomMs: 50,
	quietDocumentMs: 40,
	catchUpNoteMs: 20,
	tailEntries: TAIL_ENTRIES,
	snapshotEntries: 6,
	snapshotPauseMs: 0
};
const NOTHING = Uint8Array.of(0);
const EMPTY_UPDATE = Uint8Array.of(0, 0);

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
const open: { leave(): void }[] = [];

beforeAll(async () => {
	app = await startSyncApp({ limits: LIMITS });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
});
afterAll(() => app.close());
afterEach(() => {
	for (const each of open.splice(0)) each.leave();
});

async function join(person: TestPerson, doc?: Y.Doc, hello?: { epoch: number; seq: number; mark?: string }) {
	const peer = await BoardPeer.join(app, BOARD, person, { ...(doc && { doc }), ...(hello && { hello }) });
	open.push(peer);
	await peer.saved();
	return peer;
}
const copyOf = (doc: Y.Doc) => {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	return copy;
};
const rename = (peer: BoardPeer, value: string, index = 0) =>
	peer.edit((doc) => setField(doc, { projectId: peer.board.projects[index]!.id, field: 'name', value }));

/** A hello of a client that keeps copies, then its step 1. */
async function ask(copy: { epoch: number; seq: number; mark: string }, stateVector = NOTHING) {
	const raw = await RawClient.open(app, `/${BOARD}`, bo);
	open.push({ leave: () => raw.terminate() });
	raw.send(encodeHello({ version: PROTOCOL_VERSION, ...copy }), encodeSync(SYNC.step1, stateVector));
	return raw;
}

/** Where the journal ends, as a client that has everything names it. */
async function endOfJournal() {
	const { epoch, seq, hash } = await app.journal.head(BOARD);
	return { epoch, seq, mark: markOf(hash) };
}
const updatesAfter = async (seq: number) =>
	(await Array.fromAsync(app.journal.entries(BOARD, seq))).map(({ update }) => update);

describe('[S100] who has everything, by its hello,', () => {
	test('hears that, and nothing of the board; also where the last edit was a deletion', async () => {
		const writer = await join(mei);
		writer.edit((doc) => removeProject(doc, writer.board.projects[3]!.id));
		await writer.saved();
		const end = await endOfJournal();
		const raw = await ask(end, Uint8Array.from(Y.encodeStateVector(writer.doc)));
		expect((await raw.get('step2')).update).toEqual(EMPTY_UPDATE);
		const { seq, mark } = end;
		expect((await raw.get('catchUp')).catchUp).toEqual({ seq, mark, updates: [] });
	});
	test('hears what is committed from then on', async () => {
		const writer = await join(mei);
		const reader = await join(bo, copyOf(writer.doc), await endOfJournal());
		rename(writer, '之后');
		await reader.shows(writer.board.projects[0]!.id, '之后');
	});
});

describe('[S101] who is behind, by its hello, gets the entries it lacks in the order of the journal', () => {
	test.each([
		['a few, deletions among them', 3],
		['more than memory holds before the last snapshot', TAIL_ENTRIES - 1]
	])('%s', async (_, edits) => {
		const writer = await join(mei);
		const before = await endOfJournal();
		const copy = copyOf(writer.doc);
		writer.edit((doc) => removeProject(doc, writer.board.projects.at(-1)!.id));
		for (let count = 1; count < edits; count++) rename(writer, `第${count}次`);
		await writer.saved();
		const raw = await ask(before);
		const { catchUp } = await raw.get('catchUp');
		const end = await endOfJournal();
		expect(catchUp).toEqual({ seq: end.seq, mark: end.mark, updates: await updatesAfter(before.seq) });
		expect((await raw.get('step2')).update).toEqual(EMPTY_UPDATE);
		const reader = await join(bo, copy, before);
		expect(reader.board).toEqual(writer.board);
		expect(reader.holds).toEqual({ seq: end.seq, mark: end.mark });
	});

	test('also after a restart of the room, out of the journal', async () => {
		const writer = await join(mei);
		const before = await endOfJournal();
		for (let count = 0; count < 5; count++) rename(writer, `早先${count}`);
		await writer.saved();
		writer.leave();
		const { seq } = await endOfJournal();
		await until('the snapshot of leaving', async () => (await snapshotSeqs()).includes(seq));
		const raw = await ask(before);
		expect((await raw.get('catchUp')).catchUp.updates).toEqual(await updatesAfter(before.seq));
	});

	test('and who is very far behind gets the whole board', async () => {
		const writer = await join(mei);
		const before = await endOfJournal();
		const copy = copyOf(writer.doc);
		for (let count = 0; count < 3 * TAIL_ENTRIES; count++) rename(writer, `很多次${count}`);
		await writer.saved();
		writer.leave();
		await until('the snapshot', async () => (await snapshotSeqs()).includes((await endOfJournal()).seq));
		const raw = await ask(before);
		expect((await raw.get('catchUp')).catchUp.deflated).toBeDefined();
		const reader = await join(bo, copy, before);
		expect(reader.board).toEqual(writer.board);
	});
});

const snapshotSeqs = async () =>
	(await app.database.db.selectFrom('snapshot').select('seq').where('board_id', '=', BOARD).execute()).map(
		({ seq }) => seq
	);

describe('[S102] who has nothing', () => {
	test('gets a packed state and the entries after it, then the step 2', async () => {
		const writer = await join(mei);
		rename(writer, '打包之后');
		await writer.saved();
		const raw = await ask({ epoch: 0, seq: 0, mark: '' });
		await raw.get('step2');
		const sent = raw.heard.filter(({ type }) => type === 'catchUp' || type === 'step2');
		expect(sent.at(-1)).toEqual({ type: 'step2', update: EMPTY_UPDATE });
		const doc = new Y.Doc();
		for (const { catchUp } of raw.all('catchUp')) {
			if (catchUp.deflated) Y.applyUpdate(doc, inflateSync(catchUp.deflated));
			for (const update of catchUp.updates) Y.applyUpdate(doc, update);
		}
		expect(readBoard(doc)).toEqual(writer.board);
		const { seq, mark } = await endOfJournal();
		expect(raw.all('catchUp').at(-1)!.catchUp).toMatchObject({ seq, mark });
	});

	test('and reads no catch-ups gets all of it in the step 2, with a document and without one', async () => {
		const writer = await join(mei);
		rename(writer, '普通的客户端');
		await writer.saved();
		const shown = writer.board;
		const warm = await joinAsUsualClient(app, BOARD, bo);
		expect(readBoard(warm.doc)).toEqual(shown);
		warm.destroy();
		writer.leave();
		const { seq } = await endOfJournal();
		await until('the snapshot of leaving', async () => (await snapshotSeqs()).includes(seq));
		const cold = await joinAsUsualClient(app, BOARD, bo);
		expect(readBoard(cold.doc)).toEqual(shown);
		cold.destroy();
	});
});

test('[S103] a copy that is at another entry of the same seq is closed with 4409', async () => {
	const writer = await join(mei);
	for (let count = 0; count < TAIL_ENTRIES; count++) rename(writer, `岔路${count}`);
	await writer.saved();
	const { epoch, seq } = await endOfJournal();
	for (const at of [seq, seq - 2, seq - 2 * TAIL_ENTRIES, 1]) {
		const raw = await ask({ epoch, seq: at, mark: 'f'.repeat(16) });
		expect(await raw.closeCode(), `seq ${at} of ${seq}`).toBe(4409);
		expect(raw.all('step2')).toEqual([]);
	}
});

test('[S104] some time after a commit those in step hear how far they are', async () => {
	const [writer, reader] = [await join(mei), await join(bo)];
	rename(writer, '记一下');
	await writer.saved();
	const { seq, mark } = await endOfJournal();
	await until('the notes', () => writer.holds.seq === seq && reader.holds.seq === seq);
	expect(reader.holds).toEqual({ seq, mark });
	const at = reader.raw.heard.findIndex(
		({ type, ...heard }) => type === 'catchUp' && 'catchUp' in heard && heard.catchUp.seq === seq
	);
	const shown = reader.raw.heard.findIndex(({ type }, index) => type === 'update' && index < at);
	expect(shown).toBeGreaterThan(-1);
});

test('[S105] a document nobody needs is let go, and who writes later finds the board as it was', async () => {
	const [writer, reader] = [await join(mei), await join(bo)];
	const plain = await joinAsUsualClient(app, BOARD, bo);
	for (let round = 0; round < 4; round++) {
		rename(writer, `第${round}轮`);
		rename(reader, `另一处${round}`, 1);
		await Promise.all([writer.saved(), reader.saved()]);
		const { seq } = await endOfJournal();
		// it is stored when it has been quiet, and only then let go
		await until('a snapshot', async () => (await snapshotSeqs()).includes(seq));
	}
	await until('the same', () => JSON.stringify(readBoard(plain.doc)) === JSON.stringify(writer.board));
	expect(reader.board).toEqual(writer.board);
	expect((await app.journal.verify(BOARD)).ok).toBe(true);
	const later = await join(mei, copyOf(writer.doc));
	expect(later.board).toEqual(writer.board);
	plain.destroy();
});
