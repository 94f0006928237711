import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ACT_KINDS, CHANGE_KINDS, type ChangeKind, type RecordedChange } from '#domain/change.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { toActRow } from '#server/history/act-row.ts';
import { replaceChanges } from '#server/history/change.repository.ts';
import { Replay } from '#server/history/replay.ts';
import { session } from './edits.ts';
import { play } from './play.ts';
import { inJournalOrder, isInLibrary } from './written-board.ts';

const RUNS = 150;
let connection: Connection;

beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

test('what was written live is what the journal gives, and what a listening page was told', async () => {
	const kinds = new Set<string>();
	await fc.assert(
		fc.asyncProperty(session, async (steps) => {
			const board = await play(connection.db, steps);
			const rows = await board.rows();
			const kept = (row: RecordedChange) => toActRow(board.id, row);
			expect((await board.replayed()).map(kept)).toEqual(rows.map(kept));
			const sinceStart = rows.filter(({ seq }) => seq > board.firstSeq);
			expect([...board.told.values()].sort(inJournalOrder)).toEqual(sinceStart);
			expect(await board.journal.verify(board.id)).toMatchObject({ ok: true });
			for (const { kind } of rows) kinds.add(kind);
		}),
		{ numRuns: RUNS }
	);
	const acts: readonly ChangeKind[] = ACT_KINDS; // they are no edits
	expect([...kinds].sort()).toEqual(CHANGE_KINDS.filter((kind) => !acts.includes(kind)).sort());
}, 120_000);

test('rebuilding puts the same rows in their place, with what came while it read', async () => {
	const steps = fc.sample(session, { seed: 7, numRuns: 5 }).flat();
	const board = await play(connection.db, steps);
	const before = await board.rows();
	const early = new Replay(isInLibrary);
	for await (const entry of board.journal.entries(board.id)) if (entry.seq <= 3) early.take(entry);
	await replaceChanges(connection.db, board.id, early);
	expect(await board.rows()).toEqual(before);
	expect(before.length).toBeGreaterThan(30);
});
