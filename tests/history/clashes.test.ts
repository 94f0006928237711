import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { moveProject, removeProject, renameStage, setEntry, setField, setTitle } from '#doc/mutators.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { toActRow } from '#server/history/act-row.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
let board: WrittenBoard;

beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());
beforeEach(async () => {
	board = await play(connection.db, []);
	for (const person of ['mei', 'bo']) board.docOf(person);
});

const amount = (value: number | null) => (doc: Y.Doc) =>
	setField(doc, { projectId: 'p0', field: 'totalInvestmentYuan', value });
const move = (stageId: string) => (doc: Y.Doc) => moveProject(doc, { projectId: 'p0', stageId, index: 0 });

/** Mei's edit comes first, Bo's second, neither having seen the other's; the clashes the history then has. */
async function meet(ofMei: (doc: Y.Doc) => void, ofBo: (doc: Y.Doc) => void) {
	board.edit('mei', ofMei);
	await board.reopen(); // what the room knew is gone: it goes on from what is stored
	board.edit('bo', ofBo);
	const rows = await board.rows();
	const asKept = (row: (typeof rows)[number]) => toActRow(board.id, row);
	expect((await board.replayed()).map(asKept)).toEqual(rows.map(asKept));
	return rows.filter(({ kind }) => kind === 'clash');
}

const claimsOf = (rows: Awaited<ReturnType<typeof meet>>) => rows.map(({ before, after }) => [before, after]);
/** Yjs keeps the value of the higher client, whoever comes first: Bo's was made later. */
const BO_WINS = (lost: unknown, kept: unknown) => [
	{ actorId: 'mei', value: lost },
	{ actorId: 'bo', value: kept }
];

describe('two people who set one thing unseen by each other', () => {
	test('a value: the row tells both, whose they were, and where', async () => {
		expect(await meet(amount(10), amount(12))).toEqual([
			expect.objectContaining({
				index: 1,
				actorId: 'bo',
				projectId: 'p0',
				projectName: 'p0',
				stageId: null,
				field: 'totalInvestmentYuan',
				member: null,
				before: { actorId: 'mei', value: 10 },
				after: { actorId: 'bo', value: 12 }
			})
		]);
	});
	test('a value that comes second and loses is in the history all the same', async () => {
		board.edit('bo', amount(12));
		board.edit('mei', amount(10));
		const [row] = (await board.rows()).filter(({ seq }) => seq === board.firstSeq + 2);
		expect(row).toMatchObject({
			kind: 'clash',
			index: 0,
			actorId: 'mei',
			before: { actorId: 'mei', value: 10 },
			after: { actorId: 'bo', value: 12 }
		});
	});
	test('a value that was cleared', async () => {
		expect(claimsOf(await meet(amount(10), amount(null)))).toEqual([BO_WINS(10, null)]);
	});
	test('the stage a project stands in', async () => {
		const rows = await meet(move('planned'), move('construction'));
		expect(rows).toMatchObject([
			{ field: 'place', before: { value: { stage: 'planned' } }, after: { value: { stage: 'construction' } } }
		]);
	});
	test('an entry of a list', async () => {
		const figure = (value: number) => (doc: Y.Doc) =>
			setEntry(doc, {
				projectId: 'p0',
				field: 'figures',
				key: 'f1',
				value: { value, unit: 'km', document: null }
			});
		expect(await meet(figure(1), figure(2))).toMatchObject([
			{ field: 'figures', member: 'f1', before: { value: { value: 1 } }, after: { value: { value: 2 } } }
		]);
	});
	test('the name of a stage, and of the board', async () => {
		const rename = (name: string) => (doc: Y.Doc) => {
			renameStage(doc, { stageId: 'study', name, nameEn: '' });
			setTitle(doc, name);
		};
		const rows = await meet(rename('甲'), rename('乙'));
		expect(rows).toMatchObject([
			{ projectId: null, stageId: 'study', field: 'name' },
			{ projectId: null, stageId: null, field: 'title' }
		]);
		expect(claimsOf(rows)).toEqual([BO_WINS('甲', '乙'), BO_WINS('甲', '乙')]);
	});
});

test('a project removed by somebody who had not seen what was changed in it', async () => {
	const change = (doc: Y.Doc) => {
		amount(10)(doc);
		setEntry(doc, { projectId: 'p0', field: 'cities', key: '530400', value: true });
	};
	const rows = await meet(change, (doc) => removeProject(doc, 'p0'));
	expect(rows).toMatchObject([{ projectId: 'p0', projectName: 'p0', field: null }]);
	expect(claimsOf(rows)).toEqual([BO_WINS({ cities: { '530400': true }, totalInvestmentYuan: 10 }, null)]);
});

describe('no clash is', () => {
	test.each([
		['one value set by both', amount(10), amount(10)],
		['a place within one stage', move('planned'), move('planned')],
		['a removal by both', (doc: Y.Doc) => removeProject(doc, 'p0'), (doc: Y.Doc) => removeProject(doc, 'p0')],
		['another field of the same project', amount(10), move('planned')]
	])('%s', async (_, ofMei, ofBo) => {
		expect(await meet(ofMei, ofBo)).toEqual([]);
	});
	test('a value set by who had seen the other', async () => {
		board.edit('mei', amount(10));
		board.deliver('bo');
		board.edit('bo', amount(12));
		expect((await board.rows()).filter(({ kind }) => kind === 'clash')).toEqual([]);
	});
});
