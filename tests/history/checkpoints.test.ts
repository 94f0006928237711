import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BoardReader } from '#server/boards/board-reader.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { BoardsInTime } from '#server/history/boards-in-time.ts';
import { listCheckpoints } from '#server/history/checkpoint.repository.ts';
import { Checkpoints, nextPlace } from '#server/history/checkpoints.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import type { Board } from '#domain/board.ts';
import { setTitle } from '#doc/mutators.ts';
import { session } from './edits.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

/** Makes every board from changes, and keeps a checkpoint every third entry. */
const ALWAYS = { projects: -1, entries: 0 };
const RULE = { least: 1, entries: 3, bytesAnEntry: Infinity };

/** The history tells of the words of notes, not of empty blocks. */
const withoutNotes = (board: Board): Board => ({
	...board,
	projects: board.projects.map((project) => ({ ...project, hasNotes: false }))
});

function partsOf({ journal }: WrittenBoard) {
	const { db } = connection;
	const pastBoards = new PastBoards(journal);
	const boards = new BoardsInTime({ db, journal, boardReader: new BoardReader(journal), pastBoards }, ALWAYS);
	return { boards, pastBoards, checkpoints: new Checkpoints({ db, journal, boards }, RULE) };
}
async function makeAll(board: WrittenBoard): Promise<number[]> {
	const { checkpoints } = partsOf(board);
	const made: number[] = [];
	for (let seq; (seq = await checkpoints.makeNext(board.id)) !== undefined;) made.push(seq);
	return made;
}

test('from checkpoints, a board is after every entry what the journal makes of it', async () => {
	await fc.assert(
		fc.asyncProperty(session, async (steps) => {
			const board = await play(connection.db, steps);
			await makeAll(board);
			const { boards, pastBoards } = partsOf(board);
			const { seq: head } = await board.journal.head(board.id);
			for (let seq = 1; seq <= head; seq++) {
				const [told, is] = [
					await boards.read(board.id, String(seq)),
					await pastBoards.read(board.id, String(seq))
				];
				expect({ ...told, board: withoutNotes(told.board) }, `after ${seq}`).toEqual({
					...is,
					board: withoutNotes(is.board)
				});
			}
		}),
		{ numRuns: 40 }
	);
}, 60_000);

test('they stand along the whole journal, and one that is damaged is made again', async () => {
	const [steps] = fc.sample(session, { numRuns: 1, seed: 7 });
	const board = await play(connection.db, steps!);
	let title = 0;
	while ((await board.journal.head(board.id)).seq < 20) {
		board.edit('mei', (doc) => setTitle(doc, `第${title++}版`));
		await board.commit();
	}
	const { seq: head } = await board.journal.head(board.id);
	const made = await makeAll(board);
	expect(made[0]).toBe(head);
	expect(made.length).toBeGreaterThanOrEqual(Math.floor(head / 4.5) - 1);
	expect(await makeAll(board)).toEqual([]);
	const damaged = made[2]!;
	await connection.db
		.updateTable('board_checkpoint')
		.set({ picture: Buffer.from('nothing that could be read, and longer than a digest') })
		.where('board_id', '=', board.id)
		.where('seq', '=', damaged)
		.execute();
	const { boards, pastBoards } = partsOf(board);
	const seq = String(damaged - 1);
	expect(withoutNotes((await boards.read(board.id, seq)).board)).toEqual(
		withoutNotes((await pastBoards.read(board.id, seq)).board)
	);
	expect((await listCheckpoints(connection.db, board.id)).map((place) => place.seq)).not.toContain(damaged);
	expect(await makeAll(board)).toContain(damaged);
});

test('what stayed between two near moments is one object in both, whichever checkpoints lie between', async () => {
	const [steps] = fc.sample(session, { numRuns: 1, seed: 7 });
	const board = await play(connection.db, steps!);
	const { seq: from } = await board.journal.head(board.id);
	for (let title = 0; title < 10; title++) {
		board.edit('mei', (doc) => setTitle(doc, `第${title}版`));
		await board.commit();
	}
	expect((await makeAll(board)).length).toBeGreaterThan(3);
	const [before, after] = await partsOf(board).boards.both(board.id, from, from + 8);
	expect([before.seq, after.seq, after.board.title]).toEqual([from, from + 8, '第7版']);
	expect(before.board.title).not.toBe(after.board.title);
	expect(before.board.projects.length).toBeGreaterThan(0);
	for (const [index, project] of before.board.projects.entries())
		expect(after.board.projects[index]).toBe(project);
});

test('the next one stands at the end, else in the newest gap; large ones stand farther apart', () => {
	const rule = { least: 1, entries: 100, bytesAnEntry: 10 };
	const at = (...seqs: number[]) => seqs.map((seq) => ({ seq, bytes: 500 }));
	expect(nextPlace(99, [], rule)).toBeUndefined();
	expect(nextPlace(1_000, [], rule)).toBe(1_000);
	expect(nextPlace(1_000, at(1_000), rule)).toBe(900);
	expect(nextPlace(1_000, at(1_000, 900, 500), rule)).toBe(800);
	expect(nextPlace(1_099, at(1_000, 900, 760, 620, 480, 340, 200, 100), rule)).toBeUndefined();
	expect(nextPlace(1_100, at(1_000), rule)).toBe(1_100);
	expect(nextPlace(1_100, [{ seq: 1_000, bytes: 2_000 }], rule)).toBe(800);
});
