import * as encoding from 'lib0/encoding';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { addProject, addStage, removeProject, renameStage, setField, setTitle } from '#doc/mutators.ts';
import { encodeSync, SYNC } from '#protocol/message.ts';
import { SYNC_LIMITS } from '#server/sync/limits.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { RawClient } from '../support/raw-client.ts';
import { tongchou } from '../support/server-process.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient } from '../support/usual-client.ts';
import { SYSTEM } from '#server/audit/who.ts';

let app: SyncApp;
let mei: TestPerson;
let lan: TestPerson;
let readers: TestPerson[];
let witness: BoardPeer;
const open: { terminate(): void }[] = [];

beforeAll(async () => {
	app = await startSyncApp({ limits: { recheckMs: 100, closeMs: 500 } });
	mei = await app.addPerson('mei', 'planner');
	lan = await app.addPerson('lan', 'coordinator');
	readers = [
		await app.addPerson('wen', 'viewer'),
		await app.addPerson('shen', 'auditor'),
		await app.addPerson('ping', 'commenter')
	];
	witness = await BoardPeer.join(app, BOARD, lan);
});
afterAll(() => app.close());
afterEach(() => {
	for (const client of open.splice(0)) client.terminate();
});

async function join(person: TestPerson, isGreeted = true): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, BOARD, person, isGreeted ? {} : { hello: null });
	open.push(peer.raw);
	if (isGreeted) await peer.saved();
	return peer;
}

type Projects = Y.Map<Y.Map<unknown>>;
const projects = (doc: Y.Doc) => doc.getMap('projects') as Projects;
const first = (doc: Y.Doc) => [...projects(doc).keys()].sort()[0]!;
const project = (doc: Y.Doc) => projects(doc).get(first(doc))!;

/** What nobody may do to a board, and where it is said to be. */
const BREACHES: [string, (doc: Y.Doc) => void, { code?: string; path?: RegExp }][] = [
	[
		'a name of 201 characters',
		(doc) => project(doc).set('name', '名'.repeat(201)),
		{ path: /^projects\/.+\/name$/ }
	],
	['an empty name', (doc) => project(doc).set('name', ' '), { path: /\/name$/ }],
	['a name that is a number', (doc) => project(doc).set('name', 7), { path: /\/name$/ }],
	['a name that is a text type', (doc) => project(doc).set('name', new Y.Text('名')), { path: /\/name$/ }],
	['a name with NUL', (doc) => project(doc).set('name', 'a\0b'), { path: /\/name$/ }],
	['a name with a direction override', (doc) => project(doc).set('name', 'a\u202eb'), { path: /\/name$/ }],
	[
		'an unknown stage',
		(doc) => project(doc).set('place', { stage: 'nowhere', order: 'a0' }),
		{ path: /\/place$/ }
	],
	['a place without order', (doc) => project(doc).set('place', { stage: 'study' }), { path: /\/place$/ }],
	['a place with a key more', (doc) => project(doc).set('place', { stage: 'study', order: 'a0', x: 1 }), {}],
	['half a yuan', (doc) => project(doc).set('totalInvestmentYuan', 0.5), { path: /\/totalInvestmentYuan$/ }],
	['a negative amount', (doc) => project(doc).set('totalInvestmentYuan', -1), {}],
	['an unknown sector', (doc) => project(doc).set('sector', 'magic'), { path: /\/sector$/ }],
	['an unknown key', (doc) => project(doc).set('owner', 'somebody'), { path: /\/owner$/ }],
	['a reserved key', (doc) => project(doc).set('__proto__', 'x'), { path: /__proto__$/ }],
	[
		'a project under a reserved key',
		(doc) => projects(doc).set('constructor', new Y.Map()),
		{ path: /^projects\/constructor$/ }
	],
	[
		'a project that is plain',
		(doc) => projects(doc).set('p', { name: 'p' } as never),
		{ path: /^projects\/p$/ }
	],
	['a project under what is no id', (doc) => projects(doc).set('a b', new Y.Map()), {}],
	[
		'a city that is no code',
		(doc) => (project(doc).get('cities') as Y.Map<unknown>).set('昆明', true),
		{ path: /cities/ }
	],
	[
		'a city that is not true',
		(doc) => (project(doc).get('cities') as Y.Map<unknown>).set('530100', 1),
		{ path: /cities\/530100$/ }
	],
	[
		'a map below a value',
		(doc) => (project(doc).get('cities') as Y.Map<unknown>).set('530100', new Y.Map()),
		{}
	],
	['a list where a map stands', (doc) => project(doc).set('cities', new Y.Array()), { path: /\/cities$/ }],
	['a list root', (doc) => doc.getArray('list').insert(0, [1]), { path: /^list/ }],
	['another root', (doc) => doc.getMap('secrets').set('a', 1), { path: /^secrets/ }],
	['a root under a reserved name', (doc) => doc.getMap('__proto__').set('a', 1), { path: /^__proto__/ }],
	['another schema version', (doc) => doc.getMap('meta').set('schema', 2), { path: /^meta\/schema$/ }],
	['a document in the document', (doc) => projects(doc).set('sub', new Y.Doc() as never), {}],
	[
		'an unknown node in notes',
		(doc) => (project(doc).get('notes') as Y.XmlFragment).insert(0, [new Y.XmlElement('script')]),
		{ path: /\/notes$/ }
	]
];

/** Edits a copy of what a peer shows, without the peer's own document taking it in. */
function updateOf(peer: BoardPeer, change: (doc: Y.Doc) => void): Uint8Array {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(peer.doc));
	for (const root of ['meta', 'stages', 'projects']) doc.getMap(root);
	const before = Y.encodeStateVector(doc);
	doc.transact(() => change(doc));
	return Y.encodeStateAsUpdate(doc, before);
}

async function seqNow(): Promise<number> {
	return (await app.journal.head(BOARD)).seq;
}

describe('[S40][S42][S45] a greeted client is told', () => {
	test.each(BREACHES)('%s', async (_, change, expected) => {
		const peer = await join(lan);
		const [seq, shown] = [await seqNow(), JSON.stringify(witness.board)];
		const heard = witness.raw.heard.filter(({ type }) => type !== 'awareness').length;
		// what is right in the same update must not stay either
		const update = updateOf(peer, (doc) => {
			setField(doc, { projectId: first(doc), field: 'nameEn', value: 'beside a breach' });
			change(doc);
		});
		const count = peer.sendUpdate(update);
		const { refused } = await peer.raw.get('refused');
		expect(refused).toMatchObject({ count, code: expected.code ?? 'schema' });
		if (expected.path) expect(refused.path.join('/')).toMatch(expected.path);
		expect(refused.message).not.toBe('');

		// it stays open, and nothing that it sends later is taken
		peer.sendUpdate(
			updateOf(peer, (doc) => setField(doc, { projectId: first(doc), field: 'nameEn', value: 'after' }))
		);
		peer.raw.send([100, 1, 0, 0]);
		await peer.raw.get('hello', 2);
		expect(peer.raw.closed).toBeUndefined();
		expect(peer.acked).toBeLessThan(count);
		expect(await seqNow()).toBe(seq);
		expect(JSON.stringify(witness.board)).toBe(shown);
		expect(witness.raw.heard.filter(({ type }) => type !== 'awareness')).toHaveLength(heard);
	});
});

describe('[S41] the usual client is closed', () => {
	test.each(BREACHES)('%s: with 4422', async (_, change) => {
		const peer = await join(lan, false);
		const seq = await seqNow();
		peer.sendUpdate(updateOf(peer, change));
		expect(await peer.raw.closeCode()).toBe(4422);
		expect(await seqNow()).toBe(seq);
	});
	test('unmodified, and does not come back with it', async () => {
		const client = await joinAsUsualClient(app, BOARD, mei);
		const closed = new Promise((resolve) => client.provider.once('closed', resolve));
		project(client.doc).set('sector', 'magic');
		expect(await closed).toEqual({ code: 4422, reason: 'malformed' });
		expect(client.provider.shouldConnect).toBe(false);
		client.destroy();
	});
	test('a viewer who edits: with 4403', async () => {
		const peer = await join(readers[0]!, false);
		peer.edit((doc) => setField(doc, { projectId: first(doc), field: 'name', value: '我也要改' }));
		expect(await peer.raw.closeCode()).toBe(4403);
	});
	test('too many new Yjs clients: with 4413', async () => {
		const peer = await join(mei, false);
		peer.sendUpdate(fromManyClients(peer, SYNC_LIMITS.newClientsPerUpdate + 1));
		expect(await peer.raw.closeCode()).toBe(4413);
	});
});

/** One update in which many Yjs clients write one field each. */
function fromManyClients(peer: BoardPeer, clients: number): Uint8Array {
	const updates: Uint8Array[] = [];
	const base = Y.encodeStateAsUpdate(peer.doc);
	const shared = new Y.Doc();
	Y.applyUpdate(shared, base);
	for (let index = 0; index < clients; index++) {
		shared.clientID = 1_000_000 + index;
		const before = Y.encodeStateVector(shared);
		setField(shared, { projectId: first(shared), field: 'nameEn', value: `by client ${index}` });
		updates.push(Y.encodeStateAsUpdate(shared, before));
	}
	return Y.mergeUpdates(updates);
}

describe('[S43] who only reads changes nothing', () => {
	test.each(['viewer', 'auditor', 'commenter'])('%s', async (role) => {
		const person = readers[['viewer', 'auditor', 'commenter'].indexOf(role)]!;
		const peer = await join(person);
		const seq = await seqNow();
		const count = peer.edit((doc) => setField(doc, { projectId: first(doc), field: 'name', value: '不许' }));
		expect((await peer.raw.get('refused')).refused).toMatchObject({ count, code: 'forbidden' });
		const answering = await join(person);
		const update = updateOf(answering, (doc) => removeProject(doc, first(doc)));
		answering.raw.send(encodeSync(SYNC.step2, update));
		expect((await answering.raw.get('refused')).refused.code).toBe('forbidden');
		expect(await seqNow()).toBe(seq);
		// reading, an empty answer and presence are theirs
		const reader = await joinAsUsualClient(app, BOARD, person);
		reader.provider.awareness.setLocalState({ looking: true });
		await until('presence', async () => (await join(lan)).raw.all('awareness').length > 0);
		expect(reader.closeCodes).toEqual([]);
		reader.destroy();
	});
});

describe('[S44] the layout', () => {
	const CHANGES: [string, (doc: Y.Doc) => void][] = [
		[
			'a new stage',
			(doc) => addStage(doc, { stage: { id: `s${doc.clientID}`, name: '新列', nameEn: '' }, index: 0 })
		],
		[
			'another name of a stage',
			(doc) => renameStage(doc, { stageId: 'study', name: `规划${doc.clientID}`, nameEn: 'Study' })
		],
		['a stage less', (doc) => doc.getMap('stages').delete('withdrawn')],
		['another title', (doc) => setTitle(doc, `板 ${doc.clientID}`)]
	];
	test.each(CHANGES)('%s is not for planners', async (_, change) => {
		const peer = await join(mei);
		const count = peer.edit(change);
		const { refused } = await peer.raw.get('refused');
		expect(refused).toMatchObject({ count, code: 'forbidden' });
		expect(refused.path[0]).toMatch(/^(stages|meta)$/);
	});
	test.each(CHANGES)('%s is for coordinators', async (_, change) => {
		const peer = await join(lan);
		peer.edit(change);
		await peer.saved();
		await until('the witness shows it', () => JSON.stringify(witness.board) === JSON.stringify(peer.board));
	});
});

describe('[S46] what does not decode is closed with 4422', () => {
	test.each<[string, number[]]>([
		['an empty frame', []],
		['an unknown type', [4]],
		['an unknown own type', [105]],
		['a message of ours to clients', [101, 1, 1]],
		['an auth message', [2, 0, 0]],
		['a sync message without a kind', [0]],
		['an unknown kind of it', [0, 3, 0]],
		['a length past the end', [0, 2, 200, 1, 0]],
		['a length of 2^53', [0, 2, 255, 255, 255, 255, 255, 255, 255, 15]],
		['a number without end', [0, 2, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255]],
		['bytes after the end', [0, 2, 2, 0, 0, 9]],
		['an update of noise', [0, 2, 4, 9, 9, 9, 9]],
		['an empty update', [0, 2, 0]],
		['a truncated update', [0, 2, 3, 1, 1, 5]],
		['bytes after an update', [0, 2, 3, 0, 0, 0]],
		['a state vector of noise', [0, 0, 3, 255, 255, 255]],
		['awareness of noise', [1, 3, 255, 255, 255]],
		['awareness without its length', [1]]
	])('%s', async (_, bytes) => {
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		open.push(raw);
		raw.send(bytes);
		expect(await raw.closeCode()).toBe(4422);
	});
	test('a text', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		raw.socket.send('hello');
		expect(await raw.closeCode()).toBe(4422);
	});
	test('a frame that is no websocket frame: with the code websockets have for it', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		(raw.socket as unknown as { _socket: { write(bytes: Buffer): void } })._socket.write(
			Buffer.from([0xc2, 0x81, 0, 0, 0, 0, 3]) // compressed, which nobody agreed on
		);
		expect(await raw.closeCode()).toBe(1002);
	});
	test('an update in the other encoding', async () => {
		const doc = new Y.Doc();
		doc.getMap('projects').set('p', new Y.Map());
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		raw.send(encodeSync(SYNC.update, Y.encodeStateAsUpdateV2(doc)));
		expect(await raw.closeCode()).toBe(4422);
	});
	test('is told to a greeted client where an update carries it', async () => {
		const peer = await join(mei);
		const count = peer.sendUpdate(Uint8Array.of(9, 9, 9, 9));
		expect((await peer.raw.get('refused')).refused).toMatchObject({
			count,
			code: 'malformed-update',
			path: []
		});
	});
});

describe('[S47] what is over its limit is closed with 4413', () => {
	const { frameBytes, updateBytes, stateVectorBytes } = SYNC_LIMITS;
	test.each<[string, () => Uint8Array]>([
		['a frame', () => new Uint8Array(frameBytes + 1)],
		['an update', () => encodeSync(SYNC.update, new Uint8Array(updateBytes + 1))],
		['a state vector', () => encodeSync(SYNC.step1, new Uint8Array(stateVectorBytes + 1))]
	])('%s', async (_, frame) => {
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		open.push(raw);
		raw.send(frame());
		expect(await raw.closeCode()).toBe(4413);
	});
	test('a message in fragments', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		const fragment = new Uint8Array(1 << 20);
		for (let count = 0; count < 6; count++) raw.socket.send(fragment, { fin: false });
		expect(await raw.closeCode()).toBe(4413);
	});
	test('an update at its limit is only what it is', async () => {
		const raw = await RawClient.open(app, `/${BOARD}`, mei);
		raw.send(encodeSync(SYNC.update, new Uint8Array(updateBytes)));
		expect(await raw.closeCode()).toBe(4422);
	});
});

describe('[S48] a Yjs client belongs to one person', () => {
	test('new structs under somebody else’s are refused', async () => {
		const owner = await join(mei);
		owner.edit((doc) => setField(doc, { projectId: first(doc), field: 'nameEn', value: 'mine' }));
		await owner.saved();
		const thief = await join(lan);
		const doc = new Y.Doc();
		Y.applyUpdate(doc, Y.encodeStateAsUpdate(thief.doc));
		const before = Y.encodeStateVector(doc);
		doc.clientID = owner.doc.clientID;
		setField(doc, { projectId: first(doc), field: 'nameEn', value: 'also mine' });
		const seq = await seqNow();
		const count = thief.sendUpdate(Y.encodeStateAsUpdate(doc, before));
		expect((await thief.raw.get('refused')).refused).toMatchObject({ count, code: 'foreign-client-id' });
		expect(await seqNow()).toBe(seq);

		// the same from another connection of the same person is theirs
		const again = await join(mei);
		again.sendUpdate(Y.encodeStateAsUpdate(doc, before));
		await again.saved();
		expect(await seqNow()).toBe(seq + 1);
	});
	test('also of somebody who is here and has not written yet', async () => {
		const reader = await joinAsUsualClient(app, BOARD, readers[0]!);
		reader.provider.awareness.setLocalState({ here: true });
		await until('presence', () => witness.raw.all('awareness').length > 0);
		const thief = await join(mei);
		thief.doc.clientID = reader.doc.clientID;
		const count = thief.edit((doc) =>
			setField(doc, { projectId: first(doc), field: 'nameEn', value: 'under a guest' })
		);
		expect((await thief.raw.get('refused')).refused).toMatchObject({ count, code: 'foreign-client-id' });
		reader.destroy();
	});
	test('another person’s update sent on changes nothing, and deletions need no client', async () => {
		const owner = await join(mei);
		owner.edit((doc) =>
			addProject(doc, {
				projectId: 'short-lived',
				stageId: 'study',
				index: 0,
				fields: { name: '短命', sector: 'rail' }
			})
		);
		await owner.saved();
		const other = await join(lan);
		const seq = await seqNow();
		other.sendUpdate(Y.encodeStateAsUpdate(owner.doc));
		await other.saved();
		expect(await seqNow()).toBe(seq);
		other.edit((doc) => removeProject(doc, 'short-lived'));
		await other.saved();
		const last = (await app.app.context.history.list(BOARD, { limit: '1' })).changes[0]!;
		expect(last).toMatchObject({ kind: 'project-removed', projectId: 'short-lived', actorId: lan.id });
		expect(other.doc.store.clients.has(other.doc.clientID)).toBe(false);
	});
	test('one person may bring several at once', async () => {
		const peer = await join(lan);
		peer.sendUpdate(fromManyClients(peer, 20));
		await peer.saved();
		const owners = await app.journal.clientOwners(BOARD);
		for (let index = 0; index < 20; index++) expect(owners.get(1_000_000 + index)).toBe(lan.id);
	});
});

describe('[S49] an archived board', () => {
	const GONE = 'put-away';
	test('is shown and not changed', async () => {
		const { boards } = app.app.context;
		const made = { id: GONE, title: '要收起的', template: 'stages' } as const;
		await boards.create(made, SYSTEM, { projects: app.app.context.portfolio.projects.slice(0, 2) });
		await boards.addMember(GONE, { email: lan.email, role: 'owner' }, { who: SYSTEM, role: 'owner' });
		const here = await BoardPeer.join(app, GONE, lan);
		open.push(here.raw);
		here.edit((doc) => setField(doc, { projectId: first(doc), field: 'nameEn', value: 'before' }));
		await here.saved();
		expect(await tongchou(app.dataDir, ['board', 'archive', '--board', GONE])).toMatchObject({ code: 0 });

		// at this very moment the room may not know yet; the database does
		here.edit((doc) => setField(doc, { projectId: first(doc), field: 'nameEn', value: 'too late' }));
		await until('an answer', () => here.raw.closed ?? here.raw.all('refused')[0]);
		if (here.raw.closed) expect(here.raw.closed.code).toBe(1013);
		else expect(here.raw.all('refused')[0]!.refused.code).toBe('forbidden');

		const again = await BoardPeer.join(app, GONE, lan);
		open.push(again.raw);
		expect(again.board.projects).toHaveLength(2);
		expect(again.board.projects.map(({ nameEn }) => nameEn)).toContain('before');
		const count = again.edit((doc) =>
			setField(doc, { projectId: first(doc), field: 'nameEn', value: 'much too late' })
		);
		expect((await again.raw.get('refused')).refused).toMatchObject({
			count,
			code: 'forbidden',
			message: 'the board is archived'
		});
		const plain = await joinAsUsualClient(app, GONE, lan);
		project(plain.doc).set('nameEn', 'nor so');
		await until('the close', () => plain.closeCodes.length > 0);
		expect(plain.closeCodes).toEqual([4403]);
		plain.destroy();
	});
});

describe('[S45] what cannot be written by an honest client', () => {
	test('a list item in a map is refused', async () => {
		const doc = new Y.Doc();
		doc.getText('projects').insert(0, '项目');
		const peer = await join(lan);
		const count = peer.sendUpdate(Y.encodeStateAsUpdate(doc));
		expect((await peer.raw.get('refused')).refused).toMatchObject({ count, code: 'schema' });
	});
	test('half of a character is refused', async () => {
		const peer = await join(lan);
		const update = updateOf(peer, (doc) => project(doc).set('name', 'xyz'));
		const at = Buffer.from(update).indexOf('xyz');
		update.set([0xed, 0xa0, 0x80], at); // U+D800, which UTF-8 does not have
		const count = peer.sendUpdate(update);
		expect((await peer.raw.get('refused')).refused).toMatchObject({ count, code: 'malformed-update' });
	});
});

test('[S45] a hostile update of few bytes costs no more than an honest one', async () => {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, 1); // clients
	encoding.writeVarUint(encoder, 2 ** 30); // structs announced
	const raw = await RawClient.open(app, `/${BOARD}`, mei);
	const before = process.memoryUsage().rss;
	raw.send(encodeSync(SYNC.update, encoding.toUint8Array(encoder)));
	expect(await raw.closeCode()).toBe(4422);
	expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20);
});
