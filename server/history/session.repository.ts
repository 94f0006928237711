import type { Kysely } from 'kysely';
import { type RecordedChange, SYSTEM_ACTOR } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { DamagedStretch } from '#server/journal/damaged-stretch.ts';
import { findPackedSeq } from '#server/journal/journal.repository.ts';
import { findEntry, pagesOf } from '#server/journal/read-entries.ts';
import { toRow } from './change-row.ts';
import { endOf, isOver, type PersonsEntry, type WorkingSession } from './working-session.ts';

/** The newest working session of a board that began before an entry, with what came before that entry. */
export async function findSession(
	db: Kysely<Database>,
	boardId: string,
	beforeSeq: number
): Promise<WorkingSession | undefined> {
	const begun = await db
		.selectFrom('change')
		.select(['seq', 'at', 'actor_id as actorId'])
		.where('board_id', '=', boardId)
		.where('kind', '=', 'session-begun')
		.where('project_id', 'is', null) // so that the index leads to the newest one
		.where('seq', '<', beforeSeq)
		.orderBy('seq', 'desc')
		.limit(1)
		.executeTakeFirst();
	if (!begun) return undefined;
	const people = await listPeople(db, boardId, { fromSeq: begun.seq, beforeSeq });
	const lastSeq = Math.max(begun.seq, ...people.map(({ seq }) => seq));
	return {
		begun,
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

/**
 * Keeps the row of a session's end; the clock and who writes the next entry may both find that it has come.
 * @returns whether it was not there yet
 */
export async function insertSessionEnd(
	db: Kysely<Database>,
	boardId: string,
	end: RecordedChange
): Promise<boolean> {
	const { numInsertedOrUpdatedRows } = await db
		.insertInto('change')
		.values(toRow(boardId, end))
		.onConflict((conflict) => conflict.doNothing())
		.executeTakeFirst();
	return numInsertedOrUpdatedRows === 1n;
}

/** Whether the end of a board's newest session has been told. */
export async function isEndTold(db: Kysely<Database>, boardId: string): Promise<boolean> {
	const newest = await db
		.selectFrom('change')
		.select('kind')
		.where('board_id', '=', boardId)
		.where('kind', 'in', ['session-begun', 'session-ended'])
		.where('project_id', 'is', null)
		.orderBy('seq', 'desc')
		.orderBy('index', 'asc') // of a session of one entry the end stands in front
		.limit(1)
		.executeTakeFirst();
	return newest?.kind === 'session-ended';
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
	return (await insertSessionEnd(db, boardId, end)) ? end : undefined;
}
