import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addStage, moveProject, removeProject, setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { encodeHello, encodeSync, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { encodeAwarenessEntries } from '#server/sync/awareness-entries.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient, type UsualClient } from '../support/usual-client.ts';

/** Who does not answer for so long is cut off: an eternity for this process, and short enough to wait for. */
const HEARTBEAT_MS = 1_000;
const IDLE_ROOM_MS = 50;

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
let lan: TestPerson;
const peers: BoardPeer[] = [];
const usual: UsualClient[] = [];

beforeAll(async () => {
	app = await startSyncApp({ limits: { idleRoomMs: IDLE_ROOM_MS } });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
	lan = await app.addPerson('lan', 'coordinator');
});
afterAll(() => app.close());
afterEach(() => {
	for (const peer of peers.splice(0)) peer.leave();
	for (const client of usual.splice(0)) client.destroy();
});

async function join(
	...args: Parameters<typeof BoardPeer.join> extends [unknown, unknown, ...infer Rest] ? Rest : never
) {
	const peer = await BoardPeer.join(app, BOARD, ...args);
	peers.push(peer);
	return peer;
}
async function joinUsual(person: TestPerson) {
	const client = await joinAsUsualClient(app, BOARD, person);
	usual.push(client);
	return client;
}
const firstProject = (peer: BoardPeer) => peer.board.projects[0]!.id;

test('[S10] a connection first hears a step 1 and who is here', async () => {
	const here = await joinUsual(mei);
	here.provider.awareness.setLocalState({ cursor: 1 });
	const other = await joinUsual(bo);
	await until('presence', () => other.provider.awareness.getStates().size === 2);
	const raw = await RawClient.open(app, `/${BOARD}`, lan);
	await raw.get('awareness');
	expect(raw.heard.slice(0, 2).map(({ type }) => type)).toEqual(['step1', 'awareness']);
	const { stateVector } = await raw.get('step1');
	expect(Y.decodeStateVector(stateVector)).toEqual(Y.decodeStateVector(Y.encodeStateVector(here.doc)));
	raw.terminate();
});

describe('[S11] the usual client', () => {
	test('shows the board of the portfolio', async () => {
		const { doc } = await joinUsual(mei);
		const { board } = await app.app.context.boardReader.read(BOARD);
		expect(Object.keys(doc.getMap('projects').toJSON()).sort()).toEqual(
			board.projects.map(({ id }) => id).sort()
		);
		expect(board.projects).toHaveLength(56);
	});
	test('shows what others change, and the others what it changes', async () => {
		const [one, two, three] = [await joinUsual(mei), await joinUsual(bo), await join(lan)];
		const id = firstProject(three);
		setField(one.doc, { projectId: id, field: 'name', value: '一号' });
		await Promise.all([two.shows(id, '一号'), three.shows(id, '一号')]);
		three.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '三号' }));
		await Promise.all([one.shows(id, '三号'), two.shows(id, '三号')]);
		const { board } = await app.app.context.boardReader.read(BOARD);
		expect(board.projects.find((project) => project.id === id)?.name).toBe('三号');
	});
	test('brings what it changed while it was away', async () => {
		const [one, two] = [await joinUsual(mei), await joinUsual(bo)];
		const id = [...one.doc.getMap('projects').keys()][1]!;
		one.provider.disconnect();
		setField(one.doc, { projectId: id, field: 'name', value: '离线时改' });
		one.provider.connect();
		await two.shows(id, '离线时改');
	});
});

test('[S12] a step 1 is answered with exactly what is missing', async () => {
	const known = await join(mei);
	const before = Y.encodeStateVector(known.doc);
	known.edit((doc) => setField(doc, { projectId: firstProject(known), field: 'name', value: '刚刚' }));
	await known.saved();
	const raw = await RawClient.open(app, `/${BOARD}`, bo);
	raw.send(encodeSync(SYNC.step1, before));
	const { update } = await raw.get('step2');
	expect(Y.decodeUpdate(update).structs.map(({ id }) => id.client)).toEqual([known.doc.clientID]);
	raw.send(encodeSync(SYNC.step1, Y.encodeStateVector(known.doc)));
	expect(Y.decodeUpdate((await raw.get('step2', 2)).update).structs).toEqual([]);
	raw.send(encodeSync(SYNC.step1, Uint8Array.of(0)));
	const copy = new Y.Doc();
	Y.applyUpdate(copy, (await raw.get('step2', 3)).update);
	expect(readBoard(copy)).toEqual(known.board);
	raw.terminate();
});

test('[S13] a client that says no hello hears only types 0 and 1', async () => {
	const plain = await join(mei, { hello: null });
	const greeted = await join(bo);
	const id = firstProject(plain);
	greeted.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '甲' }));
	await plain.shows(id, '甲');
	plain.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '乙' }));
	await greeted.shows(id, '乙');
	await until('changes', () => greeted.raw.all('changes').length === 2);
	const heard = new Set<string>(plain.raw.heard.map(({ type }) => type));
	expect(heard.isSubsetOf(new Set(['step1', 'step2', 'update', 'awareness']))).toBe(true);
	expect(heard.has('update')).toBe(true);
});

describe('[S14] a hello', () => {
	test('is answered with version, epoch and the seq of the last commit', async () => {
		const peer = await join(mei);
		peer.edit((doc) => setField(doc, { projectId: firstProject(peer), field: 'name', value: '数一数' }));
		await peer.saved();
		const { seq, epoch } = await app.journal.head(BOARD);
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		raw.send([...encodeHello({ version: PROTOCOL_VERSION, epoch, seq }), 1, 2, 3]); // bytes of a later version
		expect((await raw.get('hello')).hello).toEqual({ version: PROTOCOL_VERSION, epoch, seq });
		raw.terminate();
	});
	test('that does not decode is closed with 4422', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, bo);
		raw.send([100, 1]);
		expect(await raw.closeCode()).toBe(4422);
	});
});

test('[S15] greeted connections hear the rows of the history', async () => {
	const [one, two] = [await join(lan), await join(bo)];
	const id = firstProject(one);
	const before = one.board.projects[0]!.name;
	one.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '改名' }));
	const { changes } = await two.raw.get('changes');
	const { seq, at } = await app.app.context.boardReader.read(BOARD);
	expect(changes).toEqual([
		expect.objectContaining({
			seq,
			at,
			index: 0,
			actorId: lan.id,
			kind: 'field-set',
			projectId: id,
			before,
			after: '改名'
		})
	]);
	expect((await one.raw.get('changes')).changes).toEqual(changes);
	const page = await app.app.context.history.list(BOARD, { limit: '1' });
	expect(page.changes).toEqual([expect.objectContaining({ seq, after: '改名' })]);
	expect(JSON.stringify(changes)).not.toContain(lan.email);
});

describe('[S18] two people who set one key unseen by each other', () => {
	/** Both write before either hears of the other; the second one's update reaches the server second. */
	async function clash(one: BoardPeer, two: BoardPeer, [first, second]: [string, string]): Promise<string> {
		const { id } = one.board.projects[3]!;
		const copy = new Y.Doc();
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(two.doc));
		const before = Y.encodeStateVector(copy);
		setField(copy, { projectId: id, field: 'name', value: second });
		one.edit((doc) => setField(doc, { projectId: id, field: 'name', value: first }));
		await one.saved();
		two.sendUpdate(Y.encodeStateAsUpdate(copy, before));
		await two.saved();
		await until('both are told', () => [one, two].every((peer) => peer.raw.all('clash').length === 1));
		return id;
	}

	test('are both told, with both values and which one stands; others are not', async () => {
		const [one, two, other] = [await join(mei), await join(bo), await join(lan)];
		const id = await clash(one, two, ['梅写的', '波写的']);
		const { clash: told } = await one.raw.get('clash');
		const { seq, at } = await app.app.context.boardReader.read(BOARD);
		const name = one.nameOf(id);
		expect(told).toEqual({
			seq,
			at,
			path: ['projects', id, 'name'],
			kept: name === '波写的' ? 'incoming' : 'standing',
			standing: { actorId: mei.id, value: '梅写的' },
			incoming: { actorId: bo.id, value: '波写的' }
		});
		expect(['梅写的', '波写的']).toContain(name);
		expect((await two.raw.get('clash')).clash).toEqual(told);
		await other.shows(id, name!);
		other.raw.send([100, 1, 0, 0]);
		await other.raw.get('hello', 2);
		expect(other.raw.all('clash')).toEqual([]);
	});
	test('so are who removes a project and who changed what that person had not seen of it', async () => {
		const [one, two] = [await join(mei), await join(bo)];
		const { id } = one.board.projects[4]!;
		const copy = new Y.Doc();
		Y.applyUpdate(copy, Y.encodeStateAsUpdate(two.doc));
		const before = Y.encodeStateVector(copy);
		removeProject(copy, id);
		one.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '新名' }));
		await one.saved();
		two.sendUpdate(Y.encodeStateAsUpdate(copy, before));
		await two.saved();
		const told = {
			path: ['projects', id],
			kept: 'incoming',
			standing: { actorId: mei.id, value: { name: '新名' } },
			incoming: { actorId: bo.id, value: null }
		};
		expect((await one.raw.get('clash')).clash).toMatchObject(told);
		expect((await two.raw.get('clash')).clash).toMatchObject(told);
	});
	test('[S19] it is a row of the history, with both values and whose each was; the journal alone gives the same', async () => {
		const [one, two, other] = [await join(mei), await join(bo), await join(lan)];
		const id = await clash(one, two, ['梅再写', '波再写']);
		const { seq } = await app.journal.head(BOARD);
		const claims = [
			{ actorId: mei.id, value: '梅再写' },
			{ actorId: bo.id, value: '波再写' }
		];
		const [before, after] = one.nameOf(id) === '波再写' ? claims : claims.toReversed();
		const row = { seq, kind: 'clash', actorId: bo.id, projectId: id, field: 'name', before, after };
		await until('the third is told', () =>
			other.raw
				.all('changes')
				.flatMap(({ changes }) => changes)
				.some(({ kind }) => kind === 'clash')
		);
		const { history } = app.app.context;
		const kept = await history.list(BOARD, { kind: 'clash', project: id });
		expect(kept.changes[0]).toMatchObject(row);
		await history.rebuild(BOARD);
		expect(await history.list(BOARD, { kind: 'clash', project: id })).toEqual(kept);
	});
	test('one person in two windows is not', async () => {
		const [one, two] = [await join(mei), await join(mei)];
		await expect(
			Promise.race([
				clash(one, two, ['这里', '那里']),
				until('both are saved', async () => two.sent === 2 && two.acked === 2).then(() => {
					throw new Error('saved');
				})
			])
		).rejects.toThrow('saved');
		two.raw.send([100, 1, 0, 0]);
		await two.raw.get('hello', 2);
		expect(two.raw.all('clash')).toEqual([]);
	});
});

describe('[S16] a quiet connection', () => {
	let quick: SyncApp;
	let quiet: TestPerson;
	beforeAll(async () => {
		quick = await startSyncApp({ limits: { heartbeatMs: HEARTBEAT_MS } });
		quiet = await quick.addPerson('mei', 'planner');
	});
	afterAll(() => quick.close());

	test('hears an awareness message about nobody', async () => {
		const raw = await RawClient.open(quick, `/${BOARD}`, quiet);
		const { update } = await raw.get('awareness');
		expect([1, update.length, ...update]).toEqual([...encodeAwarenessEntries([])]);
		raw.terminate();
	});
	test('without a sign of life is cut off', async () => {
		const raw = await RawClient.open(quick, `/${BOARD}`, quiet, { autoPong: false });
		expect(await raw.closeCode()).toBe(1006);
	});
	test('that only answers pings stays', async () => {
		const raw = await RawClient.open(quick, `/${BOARD}`, quiet);
		await raw.get('awareness', 4);
		expect(raw.closed).toBeUndefined();
		raw.terminate();
	});
});

test('[S17] a room that everybody left is let go, and opens again as it was', async () => {
	const first = await join(lan);
	const [id, other] = first.board.projects.map((project) => project.id) as [string, string];
	first.edit((doc) => {
		addStage(doc, { stage: { id: 'extra', name: '新列', nameEn: '' }, index: 2 });
		moveProject(doc, { projectId: id, stageId: 'extra', index: 0 });
		removeProject(doc, other);
	});
	await first.saved();
	const shown = first.board;
	const { seq } = await app.journal.head(BOARD);
	first.leave();
	const snapshotSeq = async () =>
		(
			await app.database.db
				.selectFrom('snapshot')
				.select('seq')
				.where('board_id', '=', BOARD)
				.orderBy('seq', 'desc')
				.executeTakeFirst()
		)?.seq;
	await until('the snapshot of leaving', async () => (await snapshotSeq()) === seq);
	const again = await join(mei);
	expect(again.board).toEqual(shown);
});

test('[S11] the example of docs/sync-protocol.md works as it stands', async () => {
	const page = await readFile('docs/sync-protocol.md', 'utf8');
	const example = /```js\n([^`]*?WebsocketProvider[^]*?)```/.exec(page)![1]!;
	const peer = await join(lan);
	const { id } = peer.board.projects.find(
		(project) => project.id === [...peer.doc.getMap('projects').keys()][0]
	)!;
	const child = spawn(
		process.execPath,
		['--input-type=module', '--eval', example.replace('http://127.0.0.1:3000', app.origin)],
		{
			env: { ...process.env, TONGCHOU_TOKEN: bo.token },
			stdio: ['ignore', 'pipe', 'inherit']
		}
	);
	const [line] = (await once(child.stdout, 'data')) as [Buffer];
	expect(line.toString()).toBe(`${peer.board.projects.length} projects\n`);
	await until('the move', () => {
		const project = peer.board.projects.find((candidate) => candidate.id === id)!;
		return project.stage === 'construction' && project.order === 'a0';
	});
	child.kill();
});
