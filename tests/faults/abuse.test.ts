import * as encoding from 'lib0/encoding';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import { encodeAwareness, encodeHello, encodeSync, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { encodeAwarenessEntries } from '#server/sync/awareness-entries.ts';
import { damage, forge } from '../support/board-fuzz/forgeries.ts';
import { makeItem, putTogether } from '../support/board-fuzz/raw-update.ts';
import { Random } from '../support/board-fuzz/random.ts';
import type { BoardPeer } from '../support/board-peer.ts';
import type { RawClient } from '../support/raw-client.ts';
import { BOARD } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { AttackedServer } from './attacked-server.ts';

/** Printed with what fails, so that it fails again. */
const SEED = Number(process.env.SEED ?? 20_260_520);

let attacked: AttackedServer;
let board: Y.Doc;

beforeAll(async () => {
	attacked = await AttackedServer.start();
	const peer = await attacked.join();
	board = new Y.Doc();
	Y.applyUpdate(board, Y.encodeStateAsUpdate(peer.doc));
	peer.leave();
});
afterAll(async () => expect(await attacked.stop()).toBe(0));

const update = (bytes: Uint8Array) => encodeSync(SYNC.update, bytes);
const step2 = (bytes: Uint8Array) => encodeSync(SYNC.step2, bytes);
const step1 = (bytes: Uint8Array) => encodeSync(SYNC.step1, bytes);
const varUints = (...numbers: number[]) =>
	encoding.encode((encoder) => numbers.forEach((number) => encoding.writeVarUint(encoder, number)));

/** Sends frames, each on a connection that is still open, and ends with the last one closed. */
async function sendEach(frames: Iterable<Uint8Array>): Promise<void> {
	let raw = await attacked.open();
	for (const frame of frames) {
		if (raw.closed) raw = await attacked.open();
		const answered = raw.all('hello').length;
		raw.send(frame, encodeHello({ version: PROTOCOL_VERSION, epoch: 0, seq: 0 }));
		await until('an answer', () => raw.closed ?? raw.all('hello').length > answered);
	}
	raw.terminate();
}

/** A copy of the board, edited by the attacker's own hands; the update that makes the difference. */
function updateOf(change: (doc: Y.Doc) => void): Uint8Array {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(board));
	for (const root of ['meta', 'stages', 'projects']) doc.getMap(root);
	const before = Y.encodeStateVector(doc);
	doc.transact(() => change(doc));
	return Y.encodeStateAsUpdate(doc, before);
}
const aProject = (doc: Y.Doc) => [...doc.getMap('projects').values()][0] as Y.Map<unknown>;

function* times<T>(count: number, make: (index: number) => T): Generator<T> {
	for (let index = 0; index < count; index++) yield make(index);
}

async function expectClosed(raw: RawClient, code: number): Promise<void> {
	expect(await raw.closeCode()).toBe(code);
}

/** Bytes to the socket under the websocket: frames that no library would write. */
function writeRaw(raw: RawClient, bytes: Uint8Array): void {
	(raw.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(bytes);
}

/** A place with a key more; one that stands in for the prototype's would not leave Yjs. */
function placeWith(key: string): object {
	const place = { stage: 'study', order: 'a0' };
	if (key !== 'constructor') Object.defineProperty(place, key, { value: 1, enumerable: true });
	return place;
}

function nested(depth: number): Uint8Array {
	const doc = new Y.Doc();
	let array = doc.getMap('projects').set('deep', new Y.Array<unknown>()) as Y.Array<unknown>;
	for (let level = 0; level < depth; level++) {
		const inner = new Y.Array<unknown>();
		array.insert(0, [inner]);
		array = inner;
	}
	return Y.encodeStateAsUpdate(doc);
}

/** One plain value of brackets in brackets. */
function nestedValue(depth: number): Uint8Array {
	const content = new Y.ContentAny([]);
	const item = makeItem({ client: 77, clock: 0, parent: 'projects', key: 'deep', content });
	const bytes = putTogether({ blocks: [{ client: 77, clock: 0, structs: [item] }], deleted: [] });
	// the list of values is the last thing in it: one value, an array of an array of …
	const value = new Uint8Array(depth * 2 + 2);
	value[0] = 1;
	for (let level = 0; level < depth; level++) value.set([117, 1], 1 + level * 2);
	value[depth * 2 + 1] = 127;
	return Buffer.concat([bytes.slice(0, -2), value, Uint8Array.of(0)]);
}

const CASES: [string, () => Promise<void>][] = [
	[
		'five bytes that announce 2^30 structs, a hundred times',
		() => sendEach(times(100, () => update(varUints(1, 2 ** 30))))
	],
	[
		'a few bytes that announce deletions, values and texts without end',
		() =>
			sendEach([
				update(varUints(0, 2 ** 31)),
				update(varUints(0, 1, 1, 2 ** 31)),
				update(varUints(0, 1, 1, 1, 0, 2 ** 40)),
				update(Uint8Array.of(...varUints(1, 1, 1, 0), 8, 1, 1, 97, 255, 255, 255, 255, 7)),
				update(Uint8Array.of(...varUints(1, 1, 1, 0), 4, 1, 1, 97, 255, 255, 255, 255, 7))
			])
	],
	[
		'the other encoding in place of ours',
		() =>
			sendEach([
				update(Y.encodeStateAsUpdateV2(board)),
				update(Y.convertUpdateFormatV1ToV2(updateOf((doc) => aProject(doc).set('name', '二'))))
			])
	],
	[
		'random bytes, each as every kind of message',
		() => {
			const random = new Random(SEED);
			const bytes = () => Uint8Array.from({ length: random.int(60) }, () => random.int(256));
			const wrap = [update, step2, step1, encodeAwareness, (frame: Uint8Array) => frame];
			return sendEach(times(300, (index) => wrap[index % wrap.length]!(bytes())));
		}
	],
	[
		'real updates with bits flipped, cut and joined, and forged ones',
		() => {
			const random = new Random(SEED);
			const real = [
				updateOf((doc) => aProject(doc).set('name', '真的')),
				updateOf((doc) => aProject(doc).set('place', { stage: 'study', order: 'a0' })),
				updateOf((doc) => doc.getMap('projects').delete([...doc.getMap('projects').keys()][5]!)),
				Y.encodeStateAsUpdate(board)
			];
			const pick = () => real[random.int(real.length)]!;
			return sendEach(
				times(300, (index) =>
					update(index % 2 === 0 ? damage(pick(), pick(), random) : forge(pick(), board, random))
				)
			);
		}
	],
	[
		'three thousand updates with gaps',
		async () => {
			const raw = await attacked.open();
			for (let clock = 1; clock <= 3_000; clock++) raw.send(update(varUints(1, 1, 9, clock * 7, 0, 1, 0)));
			await until('they are read', () => raw.closed ?? raw.socket.bufferedAmount === 0);
			raw.terminate();
		}
	],
	[
		'updates that never fit, ten kilobytes each',
		async () => {
			const doc = new Y.Doc();
			doc.getMap('projects').set('first', new Y.Map());
			const updates: Uint8Array[] = [];
			doc.on('update', (bytes: Uint8Array) => updates.push(bytes));
			for (let count = 0; count < 200; count++)
				doc.getMap('projects').set(`p${count}`, new Y.Map([['name', 'x'.repeat(10_000)]]));
			const raw = await attacked.open();
			for (const bytes of updates) raw.send(update(bytes));
			await until('they are read', () => raw.closed ?? raw.socket.bufferedAmount === 0);
			raw.terminate();
		}
	],
	[
		'wrong types at the root, the project and the field',
		() =>
			sendEach(
				[
					(doc: Y.Doc) => doc.getArray('list').insert(0, [1]),
					(doc: Y.Doc) => doc.getMap('projects').set('p', 'a text'),
					(doc: Y.Doc) => doc.getMap('projects').set('p', new Y.Array()),
					(doc: Y.Doc) => aProject(doc).set('name', new Y.XmlText('名')),
					(doc: Y.Doc) => aProject(doc).set('notes', 'plain')
				].map((change) => update(updateOf(change)))
			)
	],
	[
		'a hundred thousand root names',
		() => {
			const item = (clock: number) =>
				makeItem({ client: 77, clock, parent: `root${clock}`, key: 'a', content: new Y.ContentAny([1]) });
			const structs = Array.from({ length: 100_000 }, (_, clock) => item(clock));
			return sendEach([update(putTogether({ blocks: [{ client: 77, clock: 0, structs }], deleted: [] }))]);
		}
	],
	[
		'names of ten megabytes, of NUL, of overrides, of ten thousand marks on one letter',
		() =>
			sendEach(
				[
					'x'.repeat(10 << 20),
					'x'.repeat(3 << 20),
					'\0',
					'\u202egnp',
					'a' + '\u0301'.repeat(10_000),
					'\ufffe\uffff'
				].map((name) => update(updateOf((doc) => aProject(doc).set('name', name))))
			)
	],
	[
		'keys that reach for the prototype',
		() =>
			sendEach(
				['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'].flatMap((key) => [
					update(updateOf((doc) => aProject(doc).set(key, { polluted: true }))),
					update(updateOf((doc) => doc.getMap('projects').set(key, new Y.Map()))),
					update(updateOf((doc) => doc.getMap(key).set('polluted', true))),
					update(updateOf((doc) => aProject(doc).set('place', placeWith(key))))
				])
			)
	],
	[
		'containers and values nested without end',
		() => sendEach([update(nested(5_000)), update(nestedValue(1_000)), update(nestedValue(200_000))])
	],
	[
		'a frame of a hundred megabytes, and one that announces 2^60',
		async () => {
			const raw = await attacked.open();
			raw.send(new Uint8Array(100 << 20));
			await expectClosed(raw, 4413);
			const liar = await attacked.open();
			writeRaw(liar, Uint8Array.of(0x82, 0xff, 0x0f, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4));
			await until('the close', () => liar.closed);
		}
	],
	[
		'fragments without end',
		async () => {
			const raw = await attacked.open();
			for (let count = 0; count < 40_000 && !raw.closed; count++) {
				raw.socket.send(Uint8Array.of(1), { fin: false });
				if (count % 1_000 === 0)
					await until('they are sent', () => raw.closed ?? raw.socket.bufferedAmount === 0);
			}
			await until('the close', () => raw.closed);
		}
	],
	[
		'a hundred thousand tiny frames',
		async () => {
			const raw = await attacked.open();
			const frame = Uint8Array.of(3);
			for (let count = 0; count < 100_000 && !raw.closed; count++) {
				raw.socket.send(frame);
				if (count % 5_000 === 0)
					await until('they are sent', () => raw.closed ?? raw.socket.bufferedAmount === 0);
			}
			await expectClosed(raw, 4429);
		}
	],
	[
		'questions without end, and a state vector of four megabytes',
		async () => {
			const raw = await attacked.open();
			for (let client = 1; client <= 200; client++)
				raw.send(step1(Y.encodeStateVector(new Map([[client, 1]]))));
			await expectClosed(raw, 4429);
			const large = await attacked.open();
			large.send(
				step1(Y.encodeStateVector(new Map(times(500_000, (index) => [index + 1, 2 ** 31] as const))))
			);
			await expectClosed(large, 4413);
		}
	],
	[
		'awareness of five megabytes, null for others, a clock of 2^53',
		async () => {
			const null_ = (clientId: number) => ({ clientId, clock: 2 ** 32, json: 'null' });
			await sendEach([
				encodeAwareness(new Uint8Array(5 << 20)),
				encodeAwarenessEntries([...times(30_000, null_)]),
				encodeAwareness(Uint8Array.of(1, 5, 255, 255, 255, 255, 255, 255, 255, 31, 2, 123, 125)),
				encodeAwarenessEntries([{ clientId: 5, clock: 1, json: '['.repeat(4_000) }])
			]);
		}
	],
	[
		'hundreds of new Yjs clients in each update',
		async () => {
			const doc = new Y.Doc();
			Y.applyUpdate(doc, Y.encodeStateAsUpdate(board));
			const raw = await attacked.open();
			for (let round = 0; round < 8 && !raw.closed; round++) {
				const before = Y.encodeStateVector(doc);
				for (let count = 0; count < 400; count++) {
					doc.clientID = 1_000_000 + round * 1_000 + count;
					aProject(doc).set('nameEn', `${doc.clientID}`);
				}
				raw.send(update(Y.encodeStateAsUpdate(doc, before)));
			}
			await expectClosed(raw, 4429);
		}
	]
];

test.each(CASES)(
	'%s: nobody else comes to harm',
	async (name, attack) => {
		const lines = attacked.log().length;
		const { stalledMs, memoryLeftBytes } = await attacked.under(attack);
		if (process.env.FIGURES)
			console.log(`${name}: stalled for ${stalledMs} ms, ${(memoryLeftBytes / 2 ** 20).toFixed(1)} MiB left`);
		const said = attacked
			.log()
			.slice(lines)
			.filter(({ user, msg }) => user === attacked.mallory.id && msg !== 'connection ended');
		expect(said.length, 'the log names who it was').toBeGreaterThan(0);
		expect(attacked.log().filter(({ level }) => Number(level) >= 50)).toEqual([]);
	},
	120_000
);

/** The delete set of everything anybody ever wrote: as short as an update can be. */
function deleteAll(doc: Y.Doc): Uint8Array {
	const deleted = [...Y.decodeStateVector(Y.encodeStateVector(doc))].map(([client, len]) => ({
		client,
		ranges: [{ clock: 0, len }]
	}));
	return putTogether({ blocks: [], deleted });
}

test('a delete set of a few bytes that takes everything away is not for planners, and can be undone after a coordinator', async () => {
	const planner = await attacked.join();
	planner.sendUpdate(deleteAll(planner.doc));
	expect((await planner.raw.get('refused')).refused.code).toBe('forbidden');

	const shown = planner.board;
	const coordinator = await attacked.join(attacked.coordinator);
	await coordinator.saved();
	const { seq } = coordinator.at;
	const undo = new Y.UndoManager([coordinator.doc.getMap('projects')], { captureTimeout: 0 });
	coordinator.edit((doc) => doc.getMap('projects').clear());
	await coordinator.saved();
	expect(coordinator.board.projects).toEqual([]);
	undo.undo();
	await coordinator.saved();
	expect(coordinator.board.projects).toHaveLength(shown.projects.length);
	await attacked.under(() => Promise.resolve()); // work goes on, and all show the same
	const then = await fetch(`${attacked.server.origin}/api/boards/${BOARD}?at=${seq}`, {
		headers: { authorization: `Bearer ${attacked.viewer.token}` }
	});
	expect(((await then.json()) as { projects: unknown[] }).projects).toHaveLength(shown.projects.length);
	planner.leave();
	coordinator.leave();
});

test('somebody else’s update sent again changes nothing and makes nobody its author', async () => {
	const author = await attacked.join(attacked.coordinator);
	const { id } = author.board.projects[0]!;
	const heard: Uint8Array[] = [];
	author.doc.on('update', (bytes: Uint8Array) => heard.push(bytes));
	author.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '原作' }));
	await author.saved();
	const seqOf = (peer: BoardPeer) => peer.at.seq;
	const replayer = await attacked.join();
	await replayer.saved();
	const before = seqOf(replayer);
	for (const bytes of heard) replayer.sendUpdate(bytes);
	await replayer.saved();
	expect(seqOf(replayer)).toBe(before);
	const changes = await fetch(`${attacked.server.origin}/api/boards/${BOARD}/changes?limit=1`, {
		headers: { authorization: `Bearer ${attacked.viewer.token}` }
	});
	expect(await changes.json()).toMatchObject({
		changes: [{ after: '原作', actor: { id: attacked.coordinator.id } }]
	});
	author.leave();
	replayer.leave();
});
