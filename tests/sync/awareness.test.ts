import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { encodeAwareness } from '#protocol/message.ts';
import {
	type AwarenessEntry,
	decodeAwareness,
	encodeAwarenessEntries
} from '#server/sync/awareness-entries.ts';
import { SYNC_LIMITS } from '#server/sync/limits.ts';
import { RawClient } from '../support/raw-client.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';
import { joinAsUsualClient, type UsualClient } from '../support/usual-client.ts';

const QUERY = Uint8Array.of(3);

let app: SyncApp;
let mei: TestPerson;
let bo: TestPerson;
const raws: RawClient[] = [];
const usual: UsualClient[] = [];
let serial = 5_000;

beforeAll(async () => {
	app = await startSyncApp({ limits: { closeMs: 500 } });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'viewer');
});
afterAll(() => app.close());
afterEach(async () => {
	for (const raw of raws.splice(0)) raw.terminate();
	for (const client of usual.splice(0)) client.destroy();
	const probe = await open(mei);
	await until('nobody is here', async () => (await whoIsHere(probe)).length === 0);
	probe.terminate();
});

async function open(person: TestPerson): Promise<RawClient> {
	const raw = await RawClient.open(app, `/${BOARD}`, person);
	raws.push(raw);
	return raw;
}
async function openUsual(person: TestPerson): Promise<UsualClient> {
	const client = await joinAsUsualClient(app, BOARD, person);
	usual.push(client);
	return client;
}

/** Everything heard of a Yjs client, in order. */
const heardOf = (raw: RawClient, clientId: number): AwarenessEntry[] =>
	raw
		.all('awareness')
		.flatMap(({ update }) => decodeAwareness(update))
		.filter((entry) => entry.clientId === clientId);
const stateOf = (entry: AwarenessEntry | undefined) =>
	entry && (JSON.parse(entry.json) as Record<string, unknown>);

/** Asks who is here; waits for the answer, or for a later frame that shows there was none. */
async function whoIsHere(raw: RawClient): Promise<AwarenessEntry[]> {
	const [asked, answered] = [raw.all('step2').length, raw.all('awareness').length];
	raw.send(QUERY, [0, 0, 1, 0]); // and a step 1, answered behind it
	await raw.get('step2', asked + 1);
	const answer = raw.all('awareness').slice(answered).at(-1);
	return answer ? decodeAwareness(answer.update) : [];
}

const say = (raw: RawClient, ...entries: AwarenessEntry[]) => raw.send(encodeAwarenessEntries(entries));
const entryOf = (clientId: number, clock: number, state: unknown): AwarenessEntry => ({
	clientId,
	clock,
	json: JSON.stringify(state)
});

/** Something of one's own that everybody hears: all said before it was heard before it. */
async function barrier(speaker: RawClient, listener: RawClient): Promise<void> {
	const clientId = serial++;
	say(speaker, entryOf(clientId, 1, { barrier: true }));
	await until('the barrier', () => heardOf(listener, clientId).length > 0);
	say(speaker, entryOf(clientId, 1, null));
	await until('its end', () => heardOf(listener, clientId).length > 1);
}

test('[S70] who is behind a state is the server’s word', async () => {
	const [one, two] = [await open(mei), await open(bo)];
	const clientId = serial++;
	const lies = {
		user: { id: bo.id, name: 'somebody else', color: 99 },
		cursor: { at: 3 },
		__proto__: { a: 1 }
	};
	say(one, entryOf(clientId, 1, lies));
	await until('the state', () => heardOf(two, clientId).length === 1);
	const state = stateOf(heardOf(two, clientId)[0])!;
	expect(state).toMatchObject({ cursor: { at: 3 }, user: { id: mei.id, name: 'mei' } });
	expect((state.user as { color: number }).color).toBeLessThan(12);
	expect(JSON.stringify(state)).not.toContain(mei.email);
});

describe('[S71] under somebody else’s Yjs client', () => {
	test('a state and an end are passed over, and nobody is closed for it', async () => {
		const [one, two] = [await open(mei), await open(bo)];
		const clientId = serial++;
		say(one, entryOf(clientId, 4, { mine: true }));
		await until('the state', () => heardOf(two, clientId).length === 1);
		say(two, entryOf(clientId, 9, { stolen: true }));
		say(two, entryOf(clientId, 9, null), entryOf(clientId, 4, null));
		await barrier(two, one);
		expect((await whoIsHere(one)).map((entry) => [entry.clientId, entry.clock])).toEqual([[clientId, 4]]);
		expect(heardOf(one, clientId).every((entry) => stateOf(entry)?.mine)).toBe(true);
		expect(one.closed ?? two.closed).toBeUndefined();
	});
	test('also after they left, and under a client they only wrote with', async () => {
		const [one, two] = [await open(mei), await open(bo)];
		const clientId = serial++;
		say(one, entryOf(clientId, 4, { mine: true }), entryOf(clientId, 5, null));
		await barrier(one, two);
		say(two, entryOf(clientId, 9, { stolen: true }));
		const owner = (await app.journal.clientOwners(BOARD)).keys().next().value!;
		say(two, entryOf(owner, 9, { stolen: true })); // of the program, which laid the board out
		await barrier(two, one);
		expect(await whoIsHere(one)).toEqual([]);
	});
	test('what is older than known is passed over, of one’s own as well', async () => {
		const [one, two] = [await open(mei), await open(mei)];
		const clientId = serial++;
		say(one, entryOf(clientId, 4, { v: 4 }));
		say(one, entryOf(clientId, 3, { v: 3 }));
		say(two, entryOf(clientId, 4, { v: 'echo of the same person' }));
		await barrier(one, two);
		expect(stateOf((await whoIsHere(one))[0])?.v).toBe(4);
		say(two, entryOf(clientId, 5, { v: 5 })); // the same person elsewhere, later: taken over
		await barrier(two, one);
		expect(stateOf((await whoIsHere(one))[0])?.v).toBe(5);
		one.terminate(); // it does not speak for it any more
		await barrier(two, two);
		expect(stateOf((await whoIsHere(two))[0])?.v).toBe(5);
	});
});

describe('[S72] a connection’s states end with it', () => {
	test('when it is cut, and when somebody is closed', async () => {
		const listener = await open(bo);
		const [cut, closed] = [await open(mei), await open(mei)];
		const ids = [serial++, serial++, serial++] as const;
		say(cut, entryOf(ids[0], 1, { a: 1 }), entryOf(ids[1], 7, { b: 1 }));
		say(closed, entryOf(ids[2], 2, { c: 1 }));
		await until('the states', () => ids.every((id) => heardOf(listener, id).length === 1));
		cut.terminate();
		closed.send([99]);
		await until('the ends', () => ids.every((id) => heardOf(listener, id).at(-1)?.json === 'null'));
		expect(ids.map((id) => heardOf(listener, id).at(-1)!.clock)).toEqual([1, 7, 2]);
		expect(await whoIsHere(listener)).toEqual([]);
	});
	test('the usual clients show it', async () => {
		const [one, two] = [await openUsual(mei), await openUsual(bo)];
		one.provider.awareness.setLocalState({ here: true });
		const seen = () => two.provider.awareness.getStates().get(one.doc.clientID);
		await until('presence', seen);
		(one.provider.ws as unknown as { terminate(): void }).terminate();
		one.provider.disconnect();
		await until('absence', () => !seen());
	});
});

describe('[S73] awareness has bounds', () => {
	const { awarenessBytes, awarenessEntries, awarenessStateBytes, awarenessClients } = SYNC_LIMITS;
	const raw = (entries: AwarenessEntry[]) => encodeAwarenessEntries(entries);
	test.each<[string, Uint8Array, number]>([
		['a message of 5 MB', encodeAwareness(new Uint8Array(5 << 20)), 4413],
		['a message over its limit', encodeAwareness(new Uint8Array(awarenessBytes + 1)), 4413],
		[
			'ends of more clients than can be here',
			raw(Array.from({ length: awarenessEntries + 1 }, (_, i) => entryOf(i, 1, null))),
			4413
		],
		['a state over its limit', raw([entryOf(1, 1, { text: 'x'.repeat(awarenessStateBytes) })]), 4413],
		['a clock of 2^53 - 1', raw([entryOf(1, Number.MAX_SAFE_INTEGER, { a: 1 })]), 4422],
		['a state that is no JSON', raw([{ clientId: 1, clock: 1, json: '{' }]), 4422],
		['a state that is a number', raw([entryOf(1, 1, 7)]), 4422],
		['a state that is a list', raw([entryOf(1, 1, [])]), 4422],
		[
			'more states than a connection has',
			raw(Array.from({ length: awarenessClients + 1 }, (_, i) => entryOf(8_000 + i, 1, {}))),
			4429
		],
		['more entries announced than there are', encodeAwareness(Uint8Array.of(7)), 4422]
	])('%s', async (_, frame, code) => {
		const client = await open(mei);
		client.send(frame);
		expect(await client.closeCode()).toBe(code);
	});
	test('what echoes everybody is fine', async () => {
		const client = await open(mei);
		const others = Array.from({ length: 2_000 }, (_, index) => entryOf(20_000 + index, 1, null));
		client.send(raw(others));
		await barrier(client, client);
		expect(client.closed).toBeUndefined();
	});
});

describe('[S74] who comes back under the clock they left with', () => {
	test('is told, and is seen again at once', async () => {
		const [one, two] = [await openUsual(mei), await openUsual(bo)];
		one.provider.awareness.setLocalState({ here: 1 });
		const seen = () => two.provider.awareness.getStates().get(one.doc.clientID);
		await until('presence', seen);
		for (let round = 0; round < 3; round++) {
			one.provider.disconnect();
			await until('absence', () => !seen());
			one.provider.connect();
			await until('presence again', seen);
			expect(seen()).toMatchObject({ here: 1, user: { id: mei.id } });
		}
	});
	test('the echo of somebody else brings nobody back', async () => {
		const [one, two] = [await open(mei), await open(bo)];
		const clientId = serial++;
		say(one, entryOf(clientId, 4, { mine: true }), entryOf(clientId, 4, null));
		await barrier(one, two);
		const heard = heardOf(two, clientId).length;
		say(two, entryOf(clientId, 4, { mine: true }));
		await barrier(two, two);
		expect(heardOf(two, clientId)).toHaveLength(heard);
		expect(await whoIsHere(two)).toEqual([]);
	});
});

describe('[S75] a new state', () => {
	test('reaches everybody, also its sender, and who asks', async () => {
		const everybody = [await open(mei), await open(mei), await open(bo)];
		const clientId = serial++;
		say(everybody[0]!, entryOf(clientId, 1, { n: 1 }));
		await until('the state', () => everybody.every((raw) => heardOf(raw, clientId).length === 1));
		const joiner = await open(bo);
		await joiner.get('awareness');
		expect(heardOf(joiner, clientId)).toHaveLength(1);
		expect((await whoIsHere(everybody[2]!)).map((entry) => entry.clientId)).toEqual([clientId]);
	});
	test('is gathered with those of the same moment, the last of each counts', async () => {
		const [one, two] = [await open(mei), await open(bo)];
		const clientId = serial++;
		for (let clock = 1; clock <= 50; clock++) say(one, entryOf(clientId, clock, { clock }));
		await until('the last', () => heardOf(two, clientId).at(-1)?.clock === 50);
		expect(heardOf(two, clientId).length).toBeLessThan(50);
	});
	test('is stored nowhere', async () => {
		const { seq } = await app.journal.head(BOARD);
		const one = await open(mei);
		say(one, entryOf(serial++, 1, { secret: 'cursor' }));
		await barrier(one, one);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);
	});
});
