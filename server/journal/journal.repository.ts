import type { Kysely, Transaction } from 'kysely';
import type { Database, JournalRow } from '#server/database/database.ts';
import type { Entry, PendingEntry } from './entry.ts';

/** 9 columns a row at most, within the 32,766 parameters SQLite takes. */
const ROWS_PER_INSERT = 1_000;

function* inPortions<T>(rows: readonly T[]): Generator<readonly T[]> {
	for (let start = 0; start < rows.length; start += ROWS_PER_INSERT)
		yield rows.slice(start, start + ROWS_PER_INSERT);
}

function fromRow(row: JournalRow): Entry {
	return {
		boardId: row.board_id,
		seq: row.seq,
		epoch: row.epoch,
		actorId: row.actor_id,
		sessionId: row.session_id,
		receivedAt: row.received_at,
		update: new Uint8Array(row.update_bytes),
		prevHash: row.prev_hash,
		hash: row.hash
	};
}

/** Inserts entries; the primary key (board, seq) refuses a second writer's. */
export async function insertEntries(
	trx: Transaction<Database>,
	entries: readonly PendingEntry[]
): Promise<void> {
	const rows = entries.map((entry) => ({
		board_id: entry.boardId,
		seq: entry.seq,
		epoch: entry.epoch,
		actor_id: entry.actorId,
		session_id: entry.sessionId,
		received_at: entry.receivedAt,
		update_bytes: entry.update,
		prev_hash: entry.prevHash,
		hash: entry.hash
	}));
	for (const some of inPortions(rows)) await trx.insertInto('journal').values(some).execute();
	const owners = entries.flatMap(({ boardId, actorId, newWriters }) =>
		newWriters.map((clientId) => ({ board_id: boardId, client_id: clientId, user_id: actorId }))
	);
	for (const some of inPortions(owners)) await trx.insertInto('client_owner').values(some).execute();
}

/**
 * Current epoch of each of the boards, which stays so until the transaction ends. The writing is what holds it: it
 * takes the lock on either database, and on SQLite at a moment when waiting for another process's is still possible.
 */
export async function lockEpochs(
	trx: Transaction<Database>,
	boardIds: readonly string[]
): Promise<Map<string, number>> {
	const rows = await trx
		.updateTable('board')
		.set((eb) => ({ epoch: eb.ref('epoch') }))
		.where('id', 'in', boardIds)
		.returning(['id', 'epoch'])
		.execute();
	return new Map(rows.map((row) => [row.id, row.epoch]));
}

/** Current epoch of a board, if there is such a board. */
export async function findEpoch(db: Kysely<Database>, boardId: string): Promise<number | undefined> {
	const row = await db.selectFrom('board').select('epoch').where('id', '=', boardId).executeTakeFirst();
	return row?.epoch;
}

/** Entries after a seq in order, at most `limit`. */
export async function listEntries(
	db: Kysely<Database>,
	boardId: string,
	afterSeq: number,
	limit: number
): Promise<Entry[]> {
	const rows = await db
		.selectFrom('journal')
		.selectAll()
		.where('board_id', '=', boardId)
		.where('seq', '>', afterSeq)
		.orderBy('seq', 'asc')
		.limit(limit)
		.execute();
	return rows.map(fromRow);
}

/** Number of the newest entry of a stretch of a journal that had come by a moment. */
export async function findSeqAt(
	db: Kysely<Database>,
	boardId: string,
	{ at, afterSeq, upToSeq }: { at: string; afterSeq: number; upToSeq: number }
): Promise<number | undefined> {
	const row = await db
		.selectFrom('journal')
		.select('seq')
		.where('board_id', '=', boardId)
		.where('seq', '>', afterSeq)
		.where('seq', '<=', upToSeq)
		.where('received_at', '<=', at)
		.orderBy('seq', 'desc')
		.limit(1)
		.executeTakeFirst();
	return row?.seq;
}

/** The newest entry of a board. */
export async function findLastEntry(db: Kysely<Database>, boardId: string): Promise<Entry | undefined> {
	const row = await db
		.selectFrom('journal')
		.selectAll()
		.where('board_id', '=', boardId)
		.orderBy('seq', 'desc')
		.limit(1)
		.executeTakeFirst();
	return row && fromRow(row);
}

/** Newest entry of a board that its snapshots and change rows were made from; 0 = none. */
export async function findLastSeqSpokenOf(db: Kysely<Database>, boardId: string): Promise<number> {
	const lastIn = (table: 'snapshot' | 'change') =>
		db
			.selectFrom(table)
			.select(({ fn }) => fn.max<number | null>('seq').as('seq'))
			.where('board_id', '=', boardId)
			.executeTakeFirst();
	const found = await Promise.all([lastIn('snapshot'), lastIn('change')]);
	return Math.max(0, ...found.map((row) => row?.seq ?? 0));
}

/** Who first wrote with which Yjs client on a board. */
export async function listClientOwners(db: Kysely<Database>, boardId: string): Promise<Map<number, string>> {
	const rows = await db
		.selectFrom('client_owner')
		.select(['client_id', 'user_id'])
		.where('board_id', '=', boardId)
		.execute();
	return new Map(rows.map((row) => [row.client_id, row.user_id]));
}
