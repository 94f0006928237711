import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import { removeProject, setField } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import type { Entry } from '#server/journal/entry.ts';
import { session, type Step } from './edits.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

/** The board after each entry, from the journal alone. */
async function everyPast(board: WrittenBoard): Promise<{ entry: Entry; picture: Board }[]> {
	const doc = new Y.Doc();
	const past = [];
	for await (const entry of board.journal.entries(board.id)) {
		Y.applyUpdate(doc, entry.update);
		past.push({ entry, picture: readBoard(doc) });
	}
	return past;
}

const edit = (by: string, write: (doc: Y.Doc) => void): Step => ({ do: 'edit', by, write });
const wait = (ms: number): Step => ({ do: 'wait', ms });
const MINUTE_MS = 60_000;

test('after every entry the board is what the journal makes of it, whatever snapshots there are', async () => {
	await fc.assert(
		fc.asyncProperty(session, async (steps) => {
			const board = await play(connection.db, steps);
			const pastBoards = new PastBoards(board.journal);
			for (const { entry, picture } of (await everyPast(board)).reverse()) {
				const read = await pastBoards.read(board.id, String(entry.seq));
				expect(read).toEqual({ board: picture, seq: entry.seq, epoch: 1, at: entry.receivedAt });
			}
		}),
		{ numRuns: 25 }
	);
}, 60_000);

test('at a time it holds all that had come by then, also where the clock was set back', async () => {
	const rename = (value: string) =>
		edit('mei', (doc) => setField(doc, { projectId: 'p0', field: 'name', value }));
	const steps = [
		wait(MINUTE_MS),
		rename('一'),
		wait(-MINUTE_MS / 2),
		rename('二'),
		wait(MINUTE_MS),
		rename('三')
	];
	const board = await play(connection.db, steps);
	const pastBoards = new PastBoards(board.journal);
	const nameAt = async (time: string) =>
		(await pastBoards.read(board.id, time)).board.projects.find(({ id }) => id === 'p0')?.name;
	expect(await nameAt('2024-05-20T08:00:00Z')).toBe('p0');
	expect(await nameAt('2024-05-20T08:00:29Z')).toBe('p0');
	expect(await nameAt('2024-05-20T08:00:30Z')).toBe('二');
	expect(await nameAt('2024-05-20T08:01:00Z')).toBe('二');
	expect(await nameAt('2024-05-20T16:01:30+08:00')).toBe('三');
	expect(await nameAt(new Date().toISOString())).toBe('三');
});

test('a project that was removed since is there as it was', async () => {
	const board = await play(connection.db, [
		edit('mei', (doc) => setField(doc, { projectId: 'p0', field: 'totalInvestmentYuan', value: 5 })),
		edit('bo', (doc) => removeProject(doc, 'p0'))
	]);
	const { seq } = await board.journal.head(board.id);
	const pastBoards = new PastBoards(board.journal);
	const idsAt = async (at: number) => (await pastBoards.read(board.id, String(at))).board.projects;
	expect(await idsAt(seq - 1)).toContainEqual(expect.objectContaining({ id: 'p0', totalInvestmentYuan: 5 }));
	expect((await idsAt(seq)).map(({ id }) => id)).toEqual(['p1']);
});

test.each([
	['0', 'not-found'],
	['999999', 'bad-request'],
	['2024-05-20T07:59:59.999Z', 'not-found'],
	['0001-01-01T00:00:00Z', 'not-found'],
	['9998-01-01T00:00:00Z', 'bad-request'],
	['', 'bad-request'],
	['-1', 'bad-request'],
	['1.5', 'bad-request'],
	['1e3', 'bad-request'],
	['0x10', 'bad-request'],
	['9'.repeat(400), 'bad-request'],
	['2024-05-20', 'bad-request'],
	['2024-05-20T08:00:00', 'bad-request'],
	['2026-02-30T08:00:00Z', 'bad-request'],
	['now', 'bad-request'],
	["1' or '1", 'bad-request']
])('%s is refused as %s', async (at, code) => {
	const board = await play(connection.db, []);
	await expect(new PastBoards(board.journal).read(board.id, at)).rejects.toMatchObject({
		name: 'Refusal',
		code
	});
});

test('a board that is not there has no past', async () => {
	const { journal } = await play(connection.db, []);
	for (const at of ['1', '2024-05-20T08:00:00Z'])
		await expect(new PastBoards(journal).read('no-board', at)).rejects.toMatchObject({ code: 'not-found' });
});

test('a failed reading is tried again the next time, and asked at once it is read once', async () => {
	const board = await play(connection.db, []);
	let loads = 0;
	const journal = Object.create(board.journal) as typeof board.journal;
	journal.load = (...args) => {
		loads += 1;
		return loads === 1 ? Promise.reject(new Error('the disk is gone')) : board.journal.load(...args);
	};
	journal.head = (id) => board.journal.head(id);
	const pastBoards = new PastBoards(journal);
	await expect(pastBoards.read(board.id, '1')).rejects.toThrow('the disk is gone');
	const [one, two] = await Promise.all([pastBoards.read(board.id, '1'), pastBoards.read(board.id, '1')]);
	expect(one?.board).toBe(two?.board);
	expect(loads).toBe(2);
});
