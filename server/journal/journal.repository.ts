import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database, JournalRow } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import type { Entry, PendingEntry } from './entry.ts';

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
	await insertRows(trx, 'journal', rows);
	const owners = entries.flatMap(({ boardId, actorId, newWriters }) =>
		newWriters.map((clientId) => ({ board_id: boardId, client_id: clientId, user_id: actorId }))
	);
	await insertRows(trx, 'client_owner', owners);
}

/** What a board's row says; locked, so that it stays so until the transaction ends. */
export interface LockedBoard {
	epoch: number;
	isArchived: boolean;
	/** The last entry that is packed. */
	packedSeq: number;
}

/** Locks boards. */
export async function lockBoards(
	trx: Transaction<Database>,
	boardIds: readonly string[]
): Promise<Map<string, LockedBoard>> {
	const rows = await trx
		.updateTable('board')
		.set((eb) => ({ epoch: eb.ref('epoch') })) // the writing is what locks, on either database
		.where('id', 'in', boardIds)
		.returning(['id', 'epoch', 'archived_at', 'packed_seq'])
		.execute();
	return new Map(
		rows.map((row) => [
			row.id,
			{ epoch: row.epoch, isArchived: row.archived_at !== null, packedSeq: row.packed_seq }
		])
	);
}

/** What the database says of a board as a whole. */
export interface BoardStatus {
	/** Number of its last entry; 0 before the first. */
	seq: number;
	epoch: number;
	isArchived: boolean;
}

/** Status of the boards that there are. */
export async function listStatuses(
	db: Kysely<Database>,
	boardIds: readonly string[]
): Promise<Map<string, BoardStatus>> {
	if (boardIds.length === 0) return new Map();
	const rows = await db
		.selectFrom('board')
		.select(({ selectFrom }) => [
			'id',
			'epoch',
			'archived_at',
			selectFrom('journal')
				.select(({ fn }) => fn.max<number | null>('journal.seq').as('seq'))
				.whereRef('journal.board_id', '=', 'board.id')
				.as('seq')
		])
		.where('id', 'in', boardIds)
		.execute();
	return new Map(
		rows.map(({ id, epoch, archived_at, seq }) => [
			id,
			{ seq: seq ?? 0, epoch, isArchived: archived_at !== null }
		])
	);
}

/** The highest epoch of any board; 0 where there is none. */
export async function findHighestEpoch(db: Kysely<Database>): Promise<number> {
	const row = await db
		.selectFrom('board')
		.select((eb) => eb.fn.max('epoch').as('epoch'))
		.executeTakeFirst();
	return Number(row?.epoch ?? 0);
}

/** Sets a board's epoch, and with it that of its snapshots, whose content stays true. */
export async function setEpoch(trx: Transaction<Database>, boardId: string, epoch: number): Promise<void> {
	await trx.updateTable('board').set({ epoch }).where('id', '=', boardId).execute();
	await trx.updateTable('snapshot').set({ epoch }).where('board_id', '=', boardId).execute();
}

/** Entries after a seq that are not packed, in order, at most `limit`. */
export async function listRows(
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

/** Number of the newest row of a stretch of a journal that had come by a moment. */
export async function findRowSeqAt(
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

/** Boards that have entries which are not packed, those with the most first. */
export async function listBoardsWithRows(db: Kysely<Database>): Promise<string[]> {
	const rows = await db
		.selectFrom('board')
		.select(({ selectFrom }) => [
			'id',
			'packed_seq',
			selectFrom('journal')
				.select(({ fn }) => fn.max<number | null>('journal.seq').as('seq'))
				.whereRef('journal.board_id', '=', 'board.id')
				.as('seq')
		])
		.execute();
	const counted = rows.map(({ id, packed_seq, seq }) => ({ id, count: (seq ?? 0) - packed_seq }));
	return counted.sort((a, b) => b.count - a.count).map(({ id }) => id);
}

/** The last entry of a board that is packed; 0 = none is. */
export async function findPackedSeq(db: Kysely<Database>, boardId: string): Promise<number> {
	const row = await db.selectFrom('board').select('packed_seq').where('id', '=', boardId).executeTakeFirst();
	return row?.packed_seq ?? 0;
}

/**
 * Number of the last row of a board that had come by each of some moments; `after` = none had. All moments are searched
 * for at once by halving, along the journal's own key: no index has to be kept for it.
 * @param after number of the entry before the first row
 * @param head number of the last
 */
export async function findRowSeqsAt(
	db: Kysely<Database>,
	boardId: string,
	{ moments, after, head }: { moments: readonly string[]; after: number; head: number }
): Promise<number[]> {
	if (moments.length === 0) return [];
	const asked = sql.join(moments.map((at, n) => sql`(${sql.lit(n)}, cast(${at} as text))`));
	const { rows } = await sql<{ n: number; seq: number }>`
		with recursive asked(n, moment) as (values ${asked}),
		search(n, moment, low, high) as (
			select n, moment, cast(${sql.lit(after)} as bigint), cast(${sql.lit(head)} as bigint) from asked
			union all
			select n, moment,
				case when received_at <= moment then journal.seq else low end,
				case when received_at <= moment then high else journal.seq - 1 end
			from search
			join journal on journal.board_id = ${boardId} and journal.seq = (low + high + 1) / 2
			where low < high
		)
		select n, low as seq from search where low = high order by n`.execute(db);
	return rows.map(({ seq }) => Number(seq));
}

/** When an entry came that is not packed. */
export async function findRowTime(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<string | undefined> {
	const row = await db
		.selectFrom('journal')
		.select('received_at')
		.where('board_id', '=', boardId)
		.where('seq', '=', seq)
		.executeTakeFirst();
	return row?.received_at;
}

/** Numbers and times of a board's newest rows before an entry, newest first. */
export async function listRowTimes(
	db: Kysely<Database>,
	boardId: string,
	{ below, limit }: { below: number; limit: number }
): Promise<{ seq: number; at: string }[]> {
	return db
		.selectFrom('journal')
		.select(['seq', 'received_at as at'])
		.where('board_id', '=', boardId)
		.where('seq', '<', below)
		.orderBy('seq', 'desc')
		.limit(limit)
		.execute();
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

/** The last entry of each board that has one. */
export async function listHeads(
	db: Kysely<Database>
): Promise<{ boardId: string; seq: number; hash: string; receivedAt: string }[]> {
	return db
		.selectFrom('board')
		.innerJoin('journal', (join) =>
			join.onRef('journal.board_id', '=', 'board.id').on('journal.seq', '=', ({ selectFrom }) =>
				selectFrom('journal as own')
					.select(({ fn }) => fn.max('own.seq').as('seq'))
					.whereRef('own.board_id', '=', 'board.id')
			)
		)
		.select(['board.id as boardId', 'journal.seq', 'journal.hash', 'journal.received_at as receivedAt'])
		.orderBy('board.id')
		.execute();
}

/** Owner of the Yjs clients of an epoch that has ended: nobody writes with them again. */
export const RETIRED = 'retired';

/** Ends the use of all Yjs clients that ever wrote on a board. */
export async function retireClients(trx: Transaction<Database>, boardId: string): Promise<void> {
	await trx.updateTable('client_owner').set({ user_id: RETIRED }).where('board_id', '=', boardId).execute();
}

/** The epoch of an entry that is not packed. */
export async function findRowEpoch(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<number | undefined> {
	const row = await db
		.selectFrom('journal')
		.select('epoch')
		.where('board_id', '=', boardId)
		.where('seq', '=', seq)
		.executeTakeFirst();
	return row?.epoch;
}

/** Who first wrote with which Yjs client on a board. */
export async function listClientOwners(db: Kysely<Database>, boardId: string): Promise<Map<number, string>> {
	const rows = await db
		.selectFrom('client_owner')
		.select(['client_id', 'user_id'])
		.where('board_id', '=', boardId)
		.execute();
	const userIds = new Map<string, string>(); // a board has many clients of few users: one text for each user
	const sameText = (id: string) => userIds.get(id) ?? (userIds.set(id, id), id);
	return new Map(rows.map((row) => [row.client_id, sameText(row.user_id)]));
}
