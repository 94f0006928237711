import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { encodeSync, SYNC } from '#protocol/message.ts';
import { hashOf, type PendingEntry } from '#server/journal/entry.ts';
import { decodePacked, unpackState } from '#server/journal/packed-state.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';
import { SYSTEM } from '#server/audit/who.ts';

const OTHER = 'other';
/** Long enough that everything that was to happen in the meantime has. */
const ROUND_TRIPS = 20;

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
const peers: BoardPeer[] = [];

beforeAll(async () => {
	app = await startSyncApp({ limits: { recheckMs: 100, snapshotEntries: 40, snapshotPauseMs: 0 } });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
	const { boards, portfolio } = app.app.context;
	const projects = portfolio.projects.slice(0, 3);
	await boards.create({ id: OTHER, title: '另一块', template: 'stages' }, SYSTEM, { projects });
	for (const { email } of [mei, bo])
		await boards.addMember(OTHER, { email, role: 'planner' }, { who: SYSTEM, role: 'owner' });
});
afterAll(() => app.close());
afterEach(() => {
	for (const peer of peers.splice(0)) peer.leave();
});

async function join(person: TestPerson, board = BOARD, doc?: Y.Doc): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, board, person, doc && { doc });
	peers.push(peer);
	await peer.saved();
	return peer;
}
const rename = (peer: BoardPeer, id: string, value: string) =>
	peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value }));
const idOf = (peer: BoardPeer, index = 0) => peer.board.projects[index]!.id;

/** Asks the server something it answers without the database, so often that all it had to say before has come. */
async function talk(raw: RawClient): Promise<void> {
	const done = raw.all('hello').length;
	for (let count = 1; count <= ROUND_TRIPS; count++) {
		raw.send([100, 1, 0, 0]);
		await raw.get('hello', done + count);
	}
}

/** Holds the database's write lock as another process would; releases it. */
function holdDatabase(): () => void {
	const holder = new DatabaseSync(app.databaseUrl.replace(/^sqlite:/, ''));
	holder.exec('BEGIN IMMEDIATE');
	return () => {
		holder.exec('ROLLBACK');
		holder.close();
	};
}

describe('[S20][S23] while the commit is held up', () => {
	test('nobody is shown or told of an update, also who joins meanwhile; then all of it arrives', async () => {
		const [one, two] = [await join(mei), await join(bo)];
		const plain = await joinAsUsualClient(app, BOARD, bo);
		const id = idOf(one);
		const name = one.nameOf(id)!;
		const release = holdDatabase();
		rename(one, id, '还没写下');
		rename(two, idOf(two, 1), '也没写下');
		await talk(one.raw);
		await talk(two.raw);
		const joiner = await BoardPeer.open(app, BOARD, mei);
		peers.push(joiner);
		await talk(joiner.raw);
		expect(joiner.isSynced).toBe(false);
		expect(two.nameOf(id)).toBe(name);
		expect(plain.nameOf(id)).toBe(name);
		expect([one.acked, two.acked, joiner.raw.all('ack').length]).toEqual([1, 1, 0]);
		expect(two.raw.all('changes')).toEqual([]);
		expect(
			(await app.app.context.boardReader.read(BOARD)).board.projects.find((p) => p.id === id)?.name
		).toBe(name);

		release();
		await Promise.all([one.saved(), two.saved(), joiner.saved()]);
		await Promise.all([two.shows(id, '还没写下'), joiner.shows(id, '还没写下'), plain.shows(id, '还没写下')]);
		await one.shows(idOf(two, 1), '也没写下');
		expect(one.raw.closed ?? two.raw.closed ?? joiner.raw.closed).toBeUndefined();
		expect(plain.closeCodes).toEqual([]);
		plain.destroy();
	});

	test('an answer to step 1 holds what is committed when it goes out', async () => {
		const one = await join(mei);
		const id = idOf(one);
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		const release = holdDatabase();
		rename(one, id, '同时');
		await talk(one.raw);
		raw.send(encodeSync(SYNC.step1, Uint8Array.of(0)), encodeSync(SYNC.step1, Uint8Array.of(0)));
		await talk(raw);
		expect(raw.all('step2')).toEqual([]);
		release();
		const copy = new Y.Doc();
		Y.applyUpdate(copy, (await raw.get('step2')).update);
		expect(readBoard(copy).projects.find((project) => project.id === id)?.name).toBe('同时');
		await talk(raw);
		expect(raw.all('step2')).toHaveLength(1);
		raw.terminate();
	});
});

describe('[S21] when a commit fails', () => {
	const failing = (board: string) =>
		`create trigger fails before insert on journal when new.board_id = '${board}'
			begin select raise(abort, 'the disk is unwell'); end`;
	afterEach(() => runSql(app, 'drop trigger if exists fails'));

	test('nothing of it is shown or told, all are closed with 1013, and a second try loses nothing', async () => {
		const [one, two] = [await join(mei), await join(bo)];
		const id = idOf(one);
		const name = one.nameOf(id)!;
		const { seq } = await app.journal.head(BOARD);
		runSql(app, failing(BOARD));
		rename(one, id, '没写成');
		rename(one, idOf(one, 1), '更没写成');
		expect([await one.raw.closeCode(), await two.raw.closeCode()]).toEqual([1013, 1013]);
		expect(one.acked).toBe(1);
		expect(two.nameOf(id)).toBe(name);
		expect(two.raw.all('changes')).toEqual([]);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);
		expect(app.log.some(({ level, board }) => level === 50 && board === BOARD)).toBe(true);

		runSql(app, 'drop trigger fails');
		const witness = await join(bo);
		expect(witness.nameOf(id)).toBe(name);
		const again = await join(mei, BOARD, one.doc); // the answer to step 1 brings what was not acked
		expect(again.nameOf(id)).toBe('没写成');
		await witness.shows(id, '没写成');
		await witness.shows(idOf(one, 1), '更没写成');
	});

	test('the usual client comes back by itself, with what it wrote', async () => {
		const plain = await joinAsUsualClient(app, BOARD, mei);
		const witness = await join(bo);
		const id = idOf(witness, 2);
		runSql(app, failing(BOARD));
		setField(plain.doc, { projectId: id, field: 'name', value: '又来了' });
		await until('the close', () => plain.closeCodes.length > 0);
		expect(plain.closeCodes[0]).toBe(1013);
		runSql(app, 'drop trigger fails');
		const later = await join(bo);
		await later.shows(id, '又来了');
		plain.destroy();
	});

	test('[S22] it is no other board’s failure', async () => {
		const [bad, good] = [await join(mei), await join(bo, OTHER)];
		runSql(app, failing(BOARD));
		const release = holdDatabase(); // so that both are in one window
		rename(bad, idOf(bad), '坏');
		rename(good, idOf(good), '好');
		await talk(bad.raw);
		await talk(good.raw);
		release();
		await good.saved();
		expect(await bad.raw.closeCode()).toBe(1013);
		expect(good.raw.closed).toBeUndefined();
	});
});

test('[S24] an entry has actor, session, time, epoch and number from the server and carries on the chain', async () => {
	const one = await join(mei);
	const before = await app.journal.head(BOARD);
	for (let count = 0; count < 5; count++) rename(one, idOf(one), `第${count}次`);
	await one.saved();
	let prevHash = before.hash;
	let seq = before.seq;
	for await (const entry of app.journal.entries(BOARD, before.seq)) {
		expect(entry).toMatchObject({
			boardId: BOARD,
			seq: ++seq,
			epoch: before.epoch,
			actorId: mei.id,
			prevHash
		});
		expect(entry.sessionId).toMatch(/^[\w-]{20,}$/);
		expect(entry.hash).toBe(hashOf(entry));
		expect(Math.abs(Date.parse(entry.receivedAt) - Date.now())).toBeLessThan(60_000);
		prevHash = entry.hash;
	}
	expect(seq).toBe(before.seq + 5);
	expect(await app.journal.verify(BOARD)).toEqual({ ok: true, entries: seq, firstBadSeq: null });
});

/** Appends an entry from outside of the server, as a second process would. */
async function append(board: string, over: Partial<PendingEntry> = {}): Promise<void> {
	const { doc, head } = await app.journal.load(board);
	let update = new Uint8Array();
	doc.on('update', (bytes: Uint8Array) => (update = new Uint8Array(bytes)));
	const [project] = readBoard(doc).projects;
	setField(doc, { projectId: project!.id, field: 'nameEn', value: `written elsewhere at ${head.seq}` });
	const bare = {
		boardId: board,
		seq: head.seq + 1,
		epoch: head.epoch,
		actorId: mei.id,
		sessionId: null,
		receivedAt: new Date().toISOString(),
		update,
		prevHash: head.hash,
		...over
	};
	await app.journal.commit([{ ...bare, hash: hashOf(bare), changes: [], newWriters: [doc.clientID] }]);
}

test('[S25] everybody ends with the same document, whoever wrote in the same window', async () => {
	const everybody = [await join(mei), await join(bo), await join(mei), await join(bo)];
	const plain = await joinAsUsualClient(app, BOARD, bo);
	const release = holdDatabase();
	everybody.forEach((peer, index) => {
		for (let count = 0; count < 10; count++)
			rename(peer, idOf(peer, (index + count) % 3), `${index}写的${count}`);
	});
	for (const peer of everybody) await talk(peer.raw);
	release();
	await Promise.all(everybody.map((peer) => peer.saved()));
	const shown = everybody[0]!.board;
	const later = await join(mei);
	for (const peer of [...everybody, later])
		await until('the same board', () => JSON.stringify(peer.board) === JSON.stringify(shown));
	await until('the same board', () => JSON.stringify(readBoard(plain.doc)) === JSON.stringify(shown));
	expect((await app.app.context.boardReader.read(BOARD)).board).toEqual(shown);
	plain.destroy();
});

describe('[S26] when somebody else wrote into the journal', () => {
	test('the room is closed and read again, also if nobody in it writes', async () => {
		const one = await join(bo, OTHER);
		await append(OTHER);
		expect(await one.raw.closeCode()).toBe(1013);
		const again = await join(bo, OTHER);
		expect(again.board.projects[0]!.nameEn).toMatch(/^written elsewhere/);
	});

	test('nothing is overwritten by who writes at that moment', async () => {
		const one = await join(bo, OTHER);
		await append(OTHER);
		rename(one, idOf(one, 1), '撞上了');
		expect(await one.raw.closeCode()).toBe(1013);
		expect(one.acked).toBe(1);
		const again = await join(bo, OTHER, one.doc);
		expect(again.nameOf(idOf(one, 1))).toBe('撞上了');
		expect(again.board.projects[0]!.nameEn).toMatch(/^written elsewhere/);
		expect((await app.journal.verify(OTHER)).ok).toBe(true);
	});
});

test('[S27] a board under constant load gets snapshots of exactly what is committed', async () => {
	const writers = [await join(mei), await join(bo)];
	const { seq: start } = await app.journal.head(BOARD);
	const snapshots = () =>
		app.database.db
			.selectFrom('snapshot')
			.selectAll()
			.where('board_id', '=', BOARD)
			.orderBy('seq', 'desc')
			.execute();
	let count = 0;
	// every ack is answered with the next edit, so that something is always on its way
	const keepWriting = setInterval(
		() => writers.forEach((peer) => rename(peer, idOf(peer), `不停${count++}`)),
		1
	);
	await until(
		'two snapshots',
		async () => (await snapshots()).filter(({ seq }) => seq > start + 40).length === 2
	);
	clearInterval(keepWriting);
	for (const { seq, state } of await snapshots()) {
		const [stored, replayed] = [new Y.Doc(), new Y.Doc()];
		Y.applyUpdate(stored, unpackState(decodePacked(new Uint8Array(state))));
		for await (const entry of app.journal.entries(BOARD))
			if (entry.seq <= seq) Y.applyUpdate(replayed, entry.update);
		expect(Y.encodeStateVector(stored)).toEqual(Y.encodeStateVector(replayed));
		expect(readBoard(stored)).toEqual(readBoard(replayed));
	}
});
