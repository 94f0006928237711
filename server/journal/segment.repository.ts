import type { Kysely, Transaction } from 'kysely';
import type { Database, JournalSegmentRow } from '#server/database/database.ts';
import type { Segment } from './segment.ts';

function fromRow(row: JournalSegmentRow): Segment {
	return {
		boardId: row.board_id,
		fromSeq: row.from_seq,
		toSeq: row.to_seq,
		epoch: row.epoch,
		prevHash: row.prev_hash,
		hash: row.hash,
		earliestAt: row.earliest_at,
		stamps: new Uint8Array(row.stamps),
		updates: new Uint8Array(row.updates),
		digest: row.digest
	};
}

/**
 * Puts a segment in the place of the rows it holds. The database itself takes it only where it goes on from the one
 * before and the rows are there, and lets go of no others.
 * @throws if anything of it is not so, such as that somebody else has packed them
 */
export async function replaceBySegment(trx: Transaction<Database>, segment: Segment): Promise<void> {
	const { boardId, fromSeq, toSeq } = segment;
	// first, and locking: whoever commits or packs on this board waits
	await trx.updateTable('board').set({ packed_seq: toSeq }).where('id', '=', boardId).execute();
	await trx
		.insertInto('journal_segment')
		.values({
			board_id: boardId,
			from_seq: fromSeq,
			to_seq: toSeq,
			epoch: segment.epoch,
			prev_hash: segment.prevHash,
			hash: segment.hash,
			earliest_at: segment.earliestAt,
			stamps: segment.stamps,
			updates: segment.updates,
			digest: segment.digest
		})
		.execute();
	const { numDeletedRows } = await trx
		.deleteFrom('journal')
		.where('board_id', '=', boardId)
		.where('seq', '>=', fromSeq)
		.where('seq', '<=', toSeq)
		.executeTakeFirstOrThrow();
	if (Number(numDeletedRows) !== toSeq - fromSeq + 1)
		throw new Error(`the journal of ${boardId} had other entries than those packed`);
}

/** The segment an entry should be in: the last that begins with it or before it, whether it reaches so far or not. */
export async function findSegmentUpTo(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<Segment | undefined> {
	const row = await db
		.selectFrom('journal_segment')
		.selectAll()
		.where('board_id', '=', boardId)
		.where('from_seq', '<=', seq)
		.orderBy('from_seq', 'desc')
		.limit(1)
		.executeTakeFirst();
	return row && fromRow(row);
}

/** The segment an entry is in. */
export async function findSegmentOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<Segment | undefined> {
	const segment = await findSegmentUpTo(db, boardId, seq);
	return segment && segment.toSeq >= seq ? segment : undefined;
}

/** The first segment behind an entry. */
export async function findSegmentAfter(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<Pick<Segment, 'fromSeq'> | undefined> {
	return db
		.selectFrom('journal_segment')
		.select('from_seq as fromSeq')
		.where('board_id', '=', boardId)
		.where('from_seq', '>', seq)
		.orderBy('from_seq')
		.limit(1)
		.executeTakeFirst();
}

/** Where the segments of a board begin and when their earliest entries came, in order. */
export async function listBeginnings(
	db: Kysely<Database>,
	boardId: string
): Promise<Pick<Segment, 'fromSeq' | 'earliestAt'>[]> {
	return db
		.selectFrom('journal_segment')
		.select(['from_seq as fromSeq', 'earliest_at as earliestAt'])
		.where('board_id', '=', boardId)
		.orderBy('from_seq')
		.execute();
}

/** The newest segment of a board. */
export function findLastSegment(db: Kysely<Database>, boardId: string): Promise<Segment | undefined> {
	return findSegmentUpTo(db, boardId, Number.MAX_SAFE_INTEGER);
}
