import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { RecordedChange } from '#domain/change.ts';
import { KIND_CODES } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import { lockBoards } from '#server/journal/journal.repository.ts';
import { readPage } from '#server/journal/read-entries.ts';
import { copyActs } from './act.repository.ts';
import { fromRows, jsonOf, toRows } from './change-row.ts';
import { findTerms } from './change-terms.repository.ts';
import type { Replay } from './replay.ts';
import { continuesSitting, writtenAgain } from './sitting.ts';

/** Rows written at a time; between two portions others have their turn. */
const ROWS_AT_ONCE = 256;

/** Entries read at a time when what came during a rebuild is derived. */
const PAGE = 1_000;

/** The row of the sitting these notes belong to, if they belong to one. */
async function findSitting(
	trx: Transaction<Database>,
	boardId: string,
	{ projectId, actorId, at }: RecordedChange
): Promise<RecordedChange | undefined> {
	const terms = await findTerms(trx, boardId, [projectId!, actorId]);
	const notes = trx
		.selectFrom('change')
		.where('board', '=', terms.board)
		.where('kind', '=', sql.lit(KIND_CODES['notes-edited']))
		.where('project', '=', terms.of(projectId));
	const [own] = await notes
		.selectAll()
		.where('actor', '=', terms.of(actorId))
		.orderBy('seq', 'desc')
		.limit(1)
		.execute();
	if (!own) return undefined;
	const others = await notes
		.select(({ fn }) => fn.max<number | null>('at').as('at'))
		.where('actor', '!=', terms.of(actorId))
		.executeTakeFirst();
	const othersAt = typeof others?.at === 'number' ? new Date(others.at).toISOString() : undefined;
	const [row] = await fromRows(trx, [own]);
	return continuesSitting(at, row!.at, othersAt) ? row : undefined;
}

async function gatherNotes(
	trx: Transaction<Database>,
	boardId: string,
	change: RecordedChange
): Promise<RecordedChange | undefined> {
	const sitting = await findSitting(trx, boardId, change);
	if (!sitting) return undefined;
	const gathered = { ...sitting, after: change.after, at: writtenAgain(sitting.at, change.at) };
	const terms = await findTerms(trx, boardId, [sitting.projectId!]);
	await trx
		.updateTable('change')
		.set({ after: jsonOf(gathered.after), at: Date.parse(gathered.at) })
		.where('board', '=', terms.board)
		.where('kind', '=', sql.lit(KIND_CODES['notes-edited'])) // so that an index leads there
		.where('project', '=', terms.of(sitting.projectId))
		.where('seq', '=', sitting.seq)
		.where('index', '=', sitting.index)
		.execute();
	return gathered;
}

async function insertChanges(
	trx: Transaction<Database>,
	boardId: string,
	changes: readonly RecordedChange[]
): Promise<void> {
	for (let start = 0; start < changes.length; start += ROWS_AT_ONCE) {
		if (start > 0) await othersTurn();
		const portion = changes.slice(start, start + ROWS_AT_ONCE);
		await insertRows(trx, 'change', await toRows(trx, boardId, portion));
	}
}

/**
 * Writes change rows in the journal's transaction, which holds the lock of the board; notes of one sitting become one row.
 * @returns the rows as they now stand
 */
export async function appendChanges(
	trx: Transaction<Database>,
	boardId: string,
	changes: readonly RecordedChange[]
): Promise<RecordedChange[]> {
	const written: RecordedChange[] = [];
	let fresh: RecordedChange[] = [];
	for (const change of changes) {
		if (change.kind === 'notes-edited') {
			await insertChanges(trx, boardId, fresh); // a sitting may have begun in this very window
			fresh = [];
		}
		const gathered = change.kind === 'notes-edited' ? await gatherNotes(trx, boardId, change) : undefined;
		if (!gathered) fresh.push(change);
		written.push(gathered ?? change);
	}
	await insertChanges(trx, boardId, fresh);
	return written;
}

/**
 * Puts the rows derived from the journal, and those of the acts beside it, in the place of a board's rows, in one
 * transaction.
 * @param replay has taken in the journal as far as it was; what came since is taken in here, under the write lock
 */
export async function replaceChanges(db: Kysely<Database>, boardId: string, replay: Replay): Promise<void> {
	await db.transaction().execute(async (trx) => {
		// first, so that nobody else writes before the end of the journal is read
		await lockBoards(trx, [boardId]);
		const { board } = await findTerms(trx, boardId);
		await trx.deleteFrom('change').where('board', '=', board).execute();
		let page;
		do {
			page = await readPage(trx, boardId, replay.seq, PAGE);
			for (const entry of page.entries) replay.take(entry);
		} while (!page.isLast);
		await insertChanges(trx, boardId, replay.rows);
		await copyActs(trx, boardId);
	});
}
