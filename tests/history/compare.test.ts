import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isSameBoard } from '#domain/compare-boards.ts';
import { moveProject, removeProject, setField } from '#doc/mutators.ts';
import { restore } from '#doc/restore.ts';
import { projectsOf } from '#doc/schema.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { BoardsInTime } from '#server/history/boards-in-time.ts';
import { CompareService } from '#server/history/compare.service.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import type { Journal } from '#server/journal/journal.ts';
import { session, type Step, writeNotes } from './edits.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

function comparing({ journal }: WrittenBoard): CompareService {
	return comparingWith(journal, new PastBoards(journal));
}
function comparingWith(journal: Journal, pastBoards: PastBoards): CompareService {
	const boardReader = new BoardReader(journal);
	const boards = new BoardsInTime({ db: connection.db, journal, boardReader, pastBoards });
	return new CompareService({ journal, boards });
}
const headOf = async ({ journal, id }: WrittenBoard) => (await journal.head(id)).seq;
const edit = (by: string, write: (doc: Y.Doc) => void): Step => ({ do: 'edit', by, write });

test('a board that was restored to a moment does not differ from that moment', async () => {
	await fc.assert(
		fc.asyncProperty(session, fc.nat({ max: 1_000 }), async (steps, choice) => {
			const board = await play(connection.db, steps);
			const at = board.firstSeq + (choice % ((await headOf(board)) - board.firstSeq + 1));
			const past = (await board.journal.load(board.id, at)).doc;
			board.edit('restorer', (doc) => restore(doc, past, { kind: 'board' }));
			await board.commit();
			const found = await comparing(board).compare(board.id, { from: String(at) });
			expect(found).toMatchObject({ from: { seq: at }, to: { seq: await headOf(board) } });
			expect(isSameBoard(found), JSON.stringify(found)).toBe(true);
		}),
		{ numRuns: 30 }
	);
}, 60_000);

test('a project that was restored differs from that moment by nothing but its stage, should that have gone', async () => {
	await fc.assert(
		fc.asyncProperty(session, fc.nat({ max: 1_000 }), async (steps, choice) => {
			const board = await play(connection.db, steps);
			const at = board.firstSeq + (choice % ((await headOf(board)) - board.firstSeq + 1));
			const past = (await board.journal.load(board.id, at)).doc;
			const [projectId] = projectsOf(past).keys();
			fc.pre(projectId !== undefined);
			board.edit('restorer', (doc) => restore(doc, past, { kind: 'project', projectId: projectId! }));
			await board.commit();
			const { added, removed, reordered, changed } = await comparing(board).compare(board.id, {
				from: String(at)
			});
			const about = [added, removed, reordered, changed].flat().filter(({ id }) => id === projectId);
			expect(about).toEqual([]);
		}),
		{ numRuns: 30 }
	);
}, 60_000);

test('two moments made in one walk are told like two made one by one, either way round they are kept', async () => {
	await fc.assert(
		fc.asyncProperty(session, fc.nat(), fc.nat(), async (steps, one, other) => {
			const board = await play(connection.db, steps);
			const seqs = [one, other].map((choice) => 1 + (choice % 60));
			const head = await headOf(board);
			const [from, to] = seqs.map((seq) => Math.min(seq, head)).sort((a, b) => a - b) as [number, number];
			const moments = { from: String(from), to: String(to) };
			const walked = await comparing(board).compare(board.id, moments);
			const pastBoards = new PastBoards(board.journal);
			await pastBoards.after(board.id, to);
			const kept = comparingWith(board.journal, pastBoards);
			expect(await kept.compare(board.id, moments)).toEqual(walked);
		}),
		{ numRuns: 30 }
	);
}, 60_000);

describe('what differs', () => {
	test('is told from the journal, with the notes of projects that nobody else touched', async () => {
		const board = await play(connection.db, [
			edit('mei', (doc) => setField(doc, { projectId: 'p0', field: 'totalInvestmentYuan', value: 5 })),
			edit('mei', (doc) => writeNotes(doc, 'p0', '九月开工')),
			edit('bo', (doc) => moveProject(doc, { projectId: 'p1', stageId: 'planned', index: 0 }))
		]);
		const found = await comparing(board).compare(board.id, { from: String(board.firstSeq) });
		expect(found.moved).toMatchObject([{ id: 'p1', before: 'study', after: 'planned' }]);
		expect(found.changed).toMatchObject([
			{
				id: 'p0',
				fields: [
					{ field: 'totalInvestmentYuan', before: null, after: 5 },
					{ field: 'notes', before: null, after: '九月开工' }
				]
			}
		]);
		expect(found.counts.after).toMatchObject({ yuan: 5, known: 1 });
	});

	test('follows the board as it goes on', async () => {
		const board = await play(connection.db, []);
		const service = comparing(board);
		const from = String(board.firstSeq);
		expect(isSameBoard(await service.compare(board.id, { from }))).toBe(true);
		board.edit('mei', (doc) => removeProject(doc, 'p0'));
		await board.commit();
		expect((await service.compare(board.id, { from })).removed).toMatchObject([{ id: 'p0' }]);
	});
});

test.each([
	[{ from: 'yesterday' }, 'bad-request', 'from'],
	[{ from: '1', to: '2999-01-01T00:00:00Z' }, 'bad-request', 'to'],
	[{ from: '1', to: '999' }, 'bad-request', 'to'],
	[{ from: '2', to: '1' }, 'bad-request', 'from'],
	[{ from: '0' }, 'not-found', 'from'],
	[{ from: '2001-01-01T00:00:00Z' }, 'not-found', 'from']
])('%j is refused', async (moments, code, parameter) => {
	const board = await play(connection.db, []);
	await expect(comparing(board).compare(board.id, moments)).rejects.toMatchObject({
		code,
		path: [parameter]
	});
});
