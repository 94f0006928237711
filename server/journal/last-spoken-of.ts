import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { findLastChangeSeq } from '#server/history/change-facts.repository.ts';
import { findLastSnapshotSeq } from './snapshot.repository.ts';

/** Newest entry of a board that its snapshots and change rows were made from; 0 = none. */
export async function findLastSeqSpokenOf(db: Kysely<Database>, boardId: string): Promise<number> {
	const found = await Promise.all([findLastSnapshotSeq(db, boardId), findLastChangeSeq(db, boardId)]);
	return Math.max(...found);
}
