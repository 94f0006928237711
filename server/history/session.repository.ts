import type { Kysely, Transaction } from 'kysely';
import { type RecordedChange, SYSTEM_ACTOR } from '#domain/change.ts';
import { KIND_CODES } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import { DamagedStretch } from '#server/journal/damaged-stretch.ts';
import { findPackedSeq, lockBoards } from '#server/journal/journal.repository.ts';
import { findEntry, pagesOf } from '#server/journal/read-entries.ts';
import { fromRows, toRows } from './change-row.ts';
import { newestFirst, runOf } from './change-runs.repository.ts';
import { findTerms } from './change-terms.repository.ts';
import { endOf, isOver, type PersonsEntry, type WorkingSession } from './working-session.ts';

/** The newest working session of a board that began before an entry, with what came before that entry. */
export async function findSession(
	db: Kysely<Database>,
	boardId: string,
	beforeSeq: number
): Promise<WorkingSession | undefined> {
	const { board } = await findTerms(db, boardId);
	const rows = await rowsOf(db, board, 'session-begun', { below: beforeSeq }).limit(1).execute();
	const [begun] = await fromRows(db, rows);
	if (!begun) return undefined;
	const people = await listPeople(db, boardId, { fromSeq: begun.seq, beforeSeq });
	const lastSeq = Math.max(begun.seq, ...people.map(({ seq }) => seq));
	return {
		begun: { seq: begun.seq, at: begun.at, actorId: begun.actorId },
		last: await lastOf(db, boardId, lastSeq, begun),
		entries: people.reduce((sum, { entries }) => sum + entries, 0),
		people: new Set(people.map(({ actorId }) => actorId))
	};
}

async function lastOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number,
	begun: PersonsEntry
): Promise<PersonsEntry> {
	const entry = await findEntry(db, boardId, seq);
	return entry ? { seq, at: entry.receivedAt, actorId: entry.actorId } : begun;
}

interface Share {
	actorId: string;
	/** Number of the last entry. */
	seq: number;
	entries: number;
}
interface Stretch {
	fromSeq: number;
	beforeSeq: number;
}

/** Who made how many entries of a stretch, and their last one; somebody whose entries are packed in part comes twice. */
async function listPeople(db: Kysely<Database>, boardId: string, stretch: Stretch): Promise<Share[]> {
	const packedSeq = await findPackedSeq(db, boardId);
	if (stretch.fromSeq > packedSeq) return listRowPeople(db, boardId, stretch);
	const beforeSeq = Math.min(stretch.beforeSeq, packedSeq + 1);
	const packed = await countPacked(db, boardId, { fromSeq: stretch.fromSeq, beforeSeq });
	return [...packed, ...(await listRowPeople(db, boardId, stretch))];
}

async function countPacked(
	db: Kysely<Database>,
	boardId: string,
	{ fromSeq, beforeSeq }: Stretch
): Promise<Share[]> {
	const shares = new Map<string, Share>();
	try {
		for await (const page of pagesOf(db, boardId, fromSeq - 1))
			for (const { actorId, seq } of page) {
				if (seq >= beforeSeq) return [...shares.values()];
				if (actorId === SYSTEM_ACTOR) continue;
				shares.set(actorId, { actorId, seq, entries: (shares.get(actorId)?.entries ?? 0) + 1 });
			}
	} catch (error) {
		if (!(error instanceof DamagedStretch)) throw error; // verifying tells of it; people go on with their work
	}
	return [...shares.values()];
}

async function listRowPeople(
	db: Kysely<Database>,
	boardId: string,
	{ fromSeq, beforeSeq }: Stretch
): Promise<Share[]> {
	const rows = await db
		.selectFrom('journal')
		.select(({ fn }) => [
			'actor_id as actorId',
			fn.max<number>('seq').as('seq'),
			fn.countAll<number>().as('entries')
		])
		.where('board_id', '=', boardId)
		.where('seq', '>=', fromSeq)
		.where('seq', '<', beforeSeq)
		.where('actor_id', '!=', SYSTEM_ACTOR)
		.groupBy('actor_id')
		.execute();
	return rows.map(({ actorId, seq, entries }) => ({ actorId, seq: Number(seq), entries: Number(entries) }));
}

/** Rows of one kind, which are about no field, newest first. */
function rowsOf(
	db: Kysely<Database>,
	board: number,
	kind: 'session-begun' | 'session-ended',
	stretch: { from?: number; below?: number } = {}
) {
	const run = runOf.topic(board, { kind: KIND_CODES[kind], field: 0 });
	return newestFirst(db, db.selectFrom('change').selectAll(), run, stretch);
}

/**
 * Keeps the row of a session's end; the clock and who writes the next entry may both find that it has come.
 * @param trx holds the board's lock
 * @returns whether it was not there yet
 */
export async function insertSessionEnd(
	trx: Transaction<Database>,
	boardId: string,
	end: RecordedChange
): Promise<boolean> {
	const { board } = await findTerms(trx, boardId);
	const told = rowsOf(trx, board, 'session-ended', { from: end.seq, below: end.seq + 1 });
	if (await told.executeTakeFirst()) return false;
	await insertRows(trx, 'change', await toRows(trx, boardId, [end]));
	return true;
}

/** The entry with which the session began that an entry belongs to or follows; 0 = none is known. */
export async function findSessionStart(db: Kysely<Database>, boardId: string, seq: number): Promise<number> {
	const { board } = await findTerms(db, boardId);
	const begun = rowsOf(db, board, 'session-begun', { below: seq + 1 });
	return (await begun.limit(1).executeTakeFirst())?.seq ?? 0;
}

/** Whether the end of a board's newest session has been told. */
export async function isEndTold(db: Kysely<Database>, boardId: string): Promise<boolean> {
	const { board } = await findTerms(db, boardId);
	const newestOf = async (kind: 'session-begun' | 'session-ended') => {
		const newest = await rowsOf(db, board, kind).limit(1).executeTakeFirst();
		return newest?.seq ?? 0;
	};
	// of a session of one entry the end bears the same number
	return (await newestOf('session-ended')) >= Math.max(1, await newestOf('session-begun'));
}

/**
 * Tells of the end of a board's newest session.
 * @param now if nobody has gone on for long enough by then; absent = it is known to have ended
 * @returns the row, if it was not there yet
 */
export async function endQuietSession(
	db: Kysely<Database>,
	boardId: string,
	now?: string
): Promise<RecordedChange | undefined> {
	const session = await findSession(db, boardId, Number.MAX_SAFE_INTEGER);
	if (!session || (now !== undefined && !isOver(session.last, now))) return undefined;
	const end = endOf(session);
	const isNew = await db.transaction().execute(async (trx) => {
		await lockBoards(trx, [boardId]);
		return insertSessionEnd(trx, boardId, end);
	});
	return isNew ? end : undefined;
}
