import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { addProject, addStage, moveProject, removeProject, setEntry, setField } from '#doc/mutators.ts';
import { appendRichText, richTextValues } from '#doc/rich-text-values.ts';
import { findNotes, stagesOf } from '#doc/schema.ts';
import type { Role } from '#domain/roles.ts';
import { SYSTEM } from '#server/audit/who.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

let app: SyncApp;
let boardId = '';
let mei: TestPerson;
let bo: TestPerson;
let boards = 0;
const peers: BoardPeer[] = [];

beforeAll(async () => {
	app = await startSyncApp({ limits: { recheckMs: 100 } });
	mei = await app.addPerson('mei', 'planner');
	bo = await app.addPerson('bo', 'coordinator');
});
afterAll(() => app.close());
afterEach(() => {
	for (const peer of peers.splice(0)) peer.leave();
});

/** A board of its own with three projects, and both people on it. */
async function open(): Promise<{ meiHere: BoardPeer; boHere: BoardPeer; id: string; seq: number }> {
	boardId = `board-${++boards}`;
	const { boards: service, portfolio } = app.app.context;
	await service.create({ id: boardId, title: '板', template: 'stages' }, SYSTEM, {
		projects: portfolio.projects.slice(0, 3)
	});
	await become(mei, 'planner');
	await become(bo, 'coordinator');
	const [meiHere, boHere] = [await join(mei), await join(bo)];
	const { seq } = await app.journal.head(boardId);
	return { meiHere, boHere, id: meiHere.board.projects[0]!.id, seq };
}

const become = ({ email }: TestPerson, role: Role) =>
	app.app.context.boards.addMember(boardId, { email, role }, { who: SYSTEM, role: 'owner' });

async function join(person: TestPerson): Promise<BoardPeer> {
	const peer = await BoardPeer.join(app, boardId, person);
	peers.push(peer);
	await peer.saved();
	return peer;
}

async function restore(person: TestPerson, request: Record<string, unknown>): Promise<number> {
	const actor = { userId: person.id, sessionId: 'session-1', via: 'cookie' as const };
	const who = { userId: person.id, sessionId: 'session-1', address: '127.0.0.1' };
	return (await app.app.context.restores.restore(boardId, request, { actor, who })).seq;
}

const audited = async () => {
	const records = await app.app.context.audit.list({ action: 'restore', limit: 100 });
	return records.filter(({ object }) => object?.includes(`board=${boardId}`));
};

describe('[S90] what a service edits for somebody is an edit like any other', () => {
	test('a removed project is back for all who are there, with all it held, while a colleague edits', async () => {
		const { meiHere, boHere, id, seq } = await open();
		const written = [{ element: 'paragraph', content: [{ text: [{ insert: '九月开工' }] }] }];
		meiHere.edit((doc) => appendRichText(findNotes(doc, id)!, written));
		await meiHere.saved();
		const before = meiHere.board.projects.find((project) => project.id === id);
		const { seq: withNotes } = await app.journal.head(boardId);
		meiHere.edit((doc) => removeProject(doc, id));
		await meiHere.saved();
		const other = boHere.board.projects.at(-1)!.id;
		const restoring = restore(mei, { at: withNotes, projectId: id });
		boHere.edit((doc) => setField(doc, { projectId: other, field: 'name', value: '同时改名' }));
		const at = await restoring;
		await boHere.saved();
		const isBack = (peer: BoardPeer) => peer.board.projects.some((project) => project.id === id);
		await until('both to see it', () => [meiHere, boHere].every(isBack));
		await until('both to see the name', () =>
			[meiHere, boHere].every(({ board }) => board.projects.some(({ name }) => name === '同时改名'))
		);
		expect(meiHere.board).toEqual(boHere.board);
		expect(meiHere.board.projects.find((project) => project.id === id)).toEqual(before);
		expect(richTextValues(findNotes(boHere.doc, id)!)).toEqual(written);
		expect(at).toBeGreaterThan(seq);
		const { changes } = await app.app.context.history.list(boardId, { kind: 'project-restored' });
		expect(changes).toMatchObject([{ seq: at, projectId: id, actorId: mei.id, actor: { name: 'mei' } }]);
		expect(await audited()).toMatchObject([{ userId: mei.id, sessionId: 'session-1', result: 'ok' }]);
	});

	test('nobody is on the board: it is committed all the same', async () => {
		const { meiHere, id, seq } = await open();
		meiHere.edit((doc) => setField(doc, { projectId: id, field: 'totalInvestmentYuan', value: 5 }));
		await meiHere.saved();
		for (const peer of peers.splice(0)) peer.leave();
		const at = await restore(mei, { at: String(seq), projectId: id, field: 'totalInvestmentYuan' });
		expect((await app.journal.head(boardId)).seq).toBe(at);
		const entry = (await Array.fromAsync(app.journal.entries(boardId, at - 1)))[0]!;
		expect(entry).toMatchObject({ actorId: mei.id, sessionId: 'session-1' });
	});

	test('one entry of a set comes back alone', async () => {
		const { meiHere, id, seq } = await open();
		const [city = ''] = meiHere.board.projects.find((project) => project.id === id)!.cities;
		meiHere.edit((doc) => setEntry(doc, { projectId: id, field: 'cities', key: city, value: undefined }));
		meiHere.edit((doc) => setEntry(doc, { projectId: id, field: 'cities', key: '533400', value: true }));
		await meiHere.saved();
		await restore(mei, { at: seq, projectId: id, field: 'cities', member: city });
		const citiesOf = () => meiHere.board.projects.find((project) => project.id === id)!.cities;
		await until('the city', () => citiesOf().includes(city));
		expect(citiesOf()).toContain('533400');
	});

	test('a whole board is what it was, with a stage that had gone and without what came since', async () => {
		const { meiHere, boHere, id, seq } = await open();
		const then = boHere.board;
		boHere.edit((doc) => {
			stagesOf(doc).delete(then.projects[0]!.stage);
			addStage(doc, { stage: { id: 's-new', name: '新', nameEn: 'New' }, index: 0 });
			moveProject(doc, { projectId: id, stageId: 's-new', index: 0 });
		});
		await boHere.saved();
		await restore(bo, { at: seq });
		await until('the board', () => JSON.stringify(meiHere.board) === JSON.stringify(then));
		expect(boHere.board).toEqual(then);
	});

	test('a large board takes several entries, and one record', async () => {
		const { boHere, seq } = await open();
		const stageId = boHere.board.stages[0]!.id;
		boHere.edit((doc) => {
			for (let number = 0; number < 250; number++)
				addProject(doc, {
					projectId: `many-${number}`,
					stageId,
					index: 0,
					order: `a${number + 1}V`,
					fields: { name: `第 ${number} 号`, sector: 'rail' }
				});
		});
		await boHere.saved();
		const many = boHere.board;
		boHere.edit((doc) => many.projects.forEach(({ id }) => removeProject(doc, id)));
		await boHere.saved();
		const at = await restore(bo, { at: seq + 1 });
		await until('the board', () => boHere.board.projects.length === many.projects.length);
		expect(boHere.board).toEqual(many);
		expect(at).toBe(seq + 2 + 3);
		expect(await audited()).toHaveLength(1);
	});

	test('of a stage that has gone its projects come into the nearest one before it', async () => {
		const { boHere, id, seq } = await open();
		const { stage } = boHere.board.projects.find((project) => project.id === id)!;
		const at = boHere.board.stages.findIndex((other) => other.id === stage);
		const nearest = boHere.board.stages[at - 1]!.id;
		boHere.edit((doc) => {
			removeProject(doc, id);
			stagesOf(doc).delete(stage);
		});
		await boHere.saved();
		await restore(mei, { at: seq, projectId: id });
		await until('the project', () => boHere.board.projects.some((project) => project.id === id));
		expect(boHere.board.projects.find((project) => project.id === id)?.stage).toBe(nearest);
	});
});

describe('[S91] what may not be is refused as it is on a connection', () => {
	test.each([
		['a viewer, for a field', 'viewer', { field: 'name' }, 'forbidden'],
		['a planner, for the whole board', 'planner', { projectId: undefined }, 'forbidden'],
		['a planner, for a stage', 'planner', { projectId: undefined, stageId: 'study' }, 'forbidden']
	] as const)('%s', async (_, role, what, code) => {
		const { meiHere, id, seq } = await open();
		meiHere.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '新' }));
		await meiHere.saved();
		await become(mei, role);
		await expect(restore(mei, { at: seq, projectId: id, ...what })).rejects.toMatchObject({ code });
		expect((await app.journal.head(boardId)).seq).toBe(seq + 1);
		expect(await audited()).toEqual([]);
	});

	test('where nothing is to be restored, or never was', async () => {
		const { meiHere, id, seq } = await open();
		const refusals: [Record<string, unknown>, string][] = [
			[{ at: seq, projectId: id }, 'conflict'],
			[{ at: seq }, 'forbidden'],
			[{ at: seq, projectId: 'never' }, 'not-found'],
			[{ at: 0, projectId: id }, 'not-found'],
			[{ at: seq + 1, projectId: id }, 'bad-request'],
			[{ at: '2999-01-01T00:00:00Z', projectId: id }, 'bad-request'],
			[{ at: 'yesterday', projectId: id }, 'bad-request'],
			[{ projectId: id }, 'bad-request'],
			[{ at: seq, projectId: id, field: 'colour' }, 'bad-request'],
			[{ at: seq, projectId: id, field: 'name', member: 'x' }, 'bad-request'],
			[{ at: seq, projectId: id, stageId: 'study' }, 'bad-request'],
			[{ at: seq, project: id }, 'bad-request']
		];
		for (const [request, code] of refusals)
			await expect(restore(mei, request), JSON.stringify(request)).rejects.toMatchObject({ code });
		meiHere.edit((doc) => removeProject(doc, id));
		await meiHere.saved();
		const field = restore(mei, { at: seq, projectId: id, field: 'name' });
		await expect(field).rejects.toMatchObject({
			code: 'conflict',
			message: expect.stringContaining('whole')
		});
	});

	test('a moment of an earlier epoch is restored as an edit of the present one', async () => {
		const { meiHere, id, seq } = await open();
		meiHere.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '新' }));
		await meiHere.saved();
		await app.app.context.boards.beginEpoch(boardId, SYSTEM);
		const at = await restore(mei, { at: seq, projectId: id, field: 'name' });
		const { epoch } = await app.journal.head(boardId);
		expect(epoch).toBeGreaterThan(1);
		expect((await Array.fromAsync(app.journal.entries(boardId, at - 1)))[0]).toMatchObject({ epoch });
	});

	test('what cannot be recorded does not happen, and can be done later', async () => {
		const { meiHere, id, seq } = await open();
		meiHere.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '新' }));
		await meiHere.saved();
		const isIt = "new.action = 'restore' and new.result = 'ok'";
		runSql(
			app,
			`create trigger full before insert on audit when ${isIt} begin select raise(abort, 'disk full'); end`
		);
		const restoring = restore(mei, { at: seq, projectId: id, field: 'name' });
		await expect(restoring).rejects.toMatchObject({ code: 'storage-failed' });
		expect((await app.journal.head(boardId)).seq).toBe(seq + 1);
		runSql(app, 'drop trigger full');
		expect(await restore(mei, { at: seq, projectId: id, field: 'name' })).toBe(seq + 2);
		expect(await audited()).toMatchObject([{ result: 'ok' }, { result: 'storage-failed' }]);
	});
});
