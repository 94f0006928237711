import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import type { Board } from '#domain/board.ts';
import { compareBoards } from '#domain/compare-boards.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { BoardsInTime } from '#server/history/boards-in-time.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import { session, type Step, writeNotes } from './edits.ts';
import { play, take } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

/** Makes every board from the changes since. */
const ALWAYS = { projects: -1, entries: 0 };

function boardsOf({ journal }: WrittenBoard, large?: typeof ALWAYS): BoardsInTime {
	const pastBoards = new PastBoards(journal);
	return new BoardsInTime(
		{ db: connection.db, journal, boardReader: new BoardReader(journal), pastBoards },
		large
	);
}

/** The history tells of the words of notes, not of empty blocks. */
const withoutNotes = (board: Board): Board => ({
	...board,
	projects: board.projects.map((project) => ({ ...project, hasNotes: false }))
});

test('from the changes since, a board is after every entry what the journal makes of it', async () => {
	await fc.assert(
		fc.asyncProperty(session, fc.infiniteStream(fc.nat({ max: 1_000 })), async (steps, choices) => {
			const board = await play(connection.db, steps);
			const boards = boardsOf(board, ALWAYS);
			const exact = new PastBoards(board.journal);
			const { seq: head } = await board.journal.head(board.id);
			// in any order, so that what was read before is used, and with edits in between
			for (const choice of choices.take(12)) {
				const seq = String(1 + (choice % head));
				const [told, is] = [await boards.read(board.id, seq), await exact.read(board.id, seq)];
				expect({ ...told, board: withoutNotes(told.board) }).toEqual({
					...is,
					board: withoutNotes(is.board)
				});
				if (choice % 3 === 0) await take(board, rename(`${choice}`));
				await board.commit();
			}
		}),
		{ numRuns: 60 }
	);
}, 60_000);

const rename = (value: string): Step => ({
	do: 'edit',
	by: 'mei',
	write: (doc) => setField(doc, { projectId: 'p1', field: 'name', value })
});

test('two moments from the changes since differ by what differs in the journal, but for notes under way', async () => {
	await fc.assert(
		fc.asyncProperty(session, fc.nat(), fc.nat(), async (steps, one, other) => {
			const board = await play(connection.db, steps);
			const { seq: head } = await board.journal.head(board.id);
			const [from, to] = [one, other].map((choice) => 1 + (choice % head)).sort((a, b) => a - b) as [
				number,
				number
			];
			const compared = async (boards: BoardsInTime) => {
				const [before, after] = await boards.both(board.id, from, to);
				return compareBoards(before.board, after.board);
			};
			expect(await compared(boardsOf(board, ALWAYS))).toEqual(await compared(boardsOf(board)));
		}),
		{ numRuns: 60 }
	);
}, 60_000);

test('notes are told to the sitting', async () => {
	const board = await play(connection.db, [
		{ do: 'edit', by: 'mei', write: (doc) => writeNotes(doc, 'p0', '一') },
		{ do: 'wait', ms: 301_000 },
		{ do: 'edit', by: 'mei', write: (doc) => writeNotes(doc, 'p0', '二') }
	]);
	const texts = await Promise.all(
		[0, 1, 2].map(async (later) => {
			const [, after] = await boardsOf(board, ALWAYS).both(board.id, 1, board.firstSeq + later);
			return after.notes.get('p0')?.text;
		})
	);
	expect(texts).toEqual([undefined, '一', '一\n二']);
});
