import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import type { Who } from '#server/audit/who.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { BOARD, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';

let app: SyncApp;
let [mei, bo, wen]: TestPerson[] = [];
const peers: BoardPeer[] = [];

beforeAll(async () => {
	app = await startSyncApp();
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'planner');
	wen = await app.addPerson('wen', 'viewer');
});
afterAll(async () => {
	for (const peer of peers) peer.leave();
	await app.close();
});

async function join(person: TestPerson): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, BOARD, person);
	peers.push(peer);
	return peer;
}

const clashes = () => app.app.context.clashes;
const by = ({ id }: TestPerson): Who => ({ userId: id, sessionId: null, address: null });
const keep = (seq: number, person: TestPerson, given: Record<string, unknown> = { choice: 'kept' }) =>
	clashes().settle(BOARD, { seq: String(seq), given, who: by(person) });

/** Mei and Bo each set both names of a project unseen by the other; the entry that brings the clashes. */
async function clash(which: number): Promise<{ seq: number; projectId: string }> {
	const [one, two] = [await join(mei!), await join(bo!)];
	const { id: projectId } = one.board.projects[which]!;
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(two.doc));
	const before = Y.encodeStateVector(copy);
	const rename = (doc: Y.Doc, value: string) =>
		doc.transact(() => {
			setField(doc, { projectId, field: 'name', value });
			setField(doc, { projectId, field: 'nameEn', value });
		});
	rename(copy, `二 ${which}`);
	one.edit((doc) => rename(doc, `一 ${which}`));
	await one.saved();
	two.sendUpdate(Y.encodeStateAsUpdate(copy, before));
	await two.saved();
	return { seq: (await app.journal.head(BOARD)).seq, projectId };
}

const openAt = async (seq: number) =>
	(await clashes().listOpen(BOARD)).clashes.filter((open) => open.seq === seq);

test('open clashes are listed with both values, whose each is, and who these people are', async () => {
	const { seq, projectId } = await clash(0);
	const open = await openAt(seq);
	expect(open.map(({ field }) => field).sort()).toEqual(['name', 'nameEn']);
	for (const { kept, lost, ...of } of open) {
		expect(of).toMatchObject({ seq, projectId });
		expect([kept.actorId, lost.actorId].sort()).toEqual([mei!.id, bo!.id].sort());
		expect([kept.value, lost.value].sort()).toEqual(['一 0', '二 0']);
	}
	const { people } = await clashes().listOpen(BOARD);
	expect(people.map(({ id }) => id).sort()).toEqual([mei!.id, bo!.id].sort());
});

test('a later change of the same field decides about it, and of no other', async () => {
	const { seq, projectId } = await clash(1);
	const peer = await join(mei!);
	peer.edit((doc) => setField(doc, { projectId, field: 'name', value: '第三个' }));
	await peer.saved();
	expect((await openAt(seq)).map(({ field }) => field)).toEqual(['nameEn']);
	await expect(keep(seq, mei!, { choice: 'kept', index: 99 })).rejects.toMatchObject({ code: 'not-found' });
});

describe('[S92] settling a clash', () => {
	test('is heard by everybody greeted on the board, and changes nothing there', async () => {
		const { seq, projectId } = await clash(2);
		const listener = await join(wen!);
		const name = listener.nameOf(projectId);
		const [first] = await openAt(seq);
		const settled = await keep(seq, bo!, { choice: 'kept', index: first!.index });
		expect(settled).toEqual([
			{ seq, index: first!.index, userId: bo!.id, choice: 'kept', settledAt: expect.any(String) }
		]);
		expect((await listener.raw.get('settled')).settled).toEqual(settled);
		expect(await openAt(seq)).toHaveLength(1);
		expect((await app.journal.head(BOARD)).seq).toBe(seq);
		expect(listener.nameOf(projectId)).toBe(name);
	});
	test('without an index is about all of the entry, once', async () => {
		const { seq } = await clash(3);
		expect(await keep(seq, mei!)).toHaveLength(2);
		expect(await openAt(seq)).toEqual([]);
		await expect(keep(seq, bo!)).rejects.toMatchObject({ code: 'conflict' });
	});
	test('outlives a rebuilt history', async () => {
		const { seq } = await clash(4);
		await keep(seq, mei!);
		await app.app.context.history.rebuild(BOARD);
		expect(await openAt(seq)).toEqual([]);
	});
	test('is for who may edit there, and wants a choice that there is', async () => {
		const { seq } = await clash(5);
		await expect(keep(seq, wen!)).rejects.toMatchObject({ code: 'forbidden' });
		await expect(keep(seq, mei!, { choice: 'mine' })).rejects.toMatchObject({ code: 'bad-request' });
		await expect(keep(1, mei!)).rejects.toMatchObject({ code: 'not-found' });
		await expect(keep(Number.NaN, mei!)).rejects.toMatchObject({ code: 'bad-request' });
		expect(await openAt(seq)).toHaveLength(2);
	});
});
