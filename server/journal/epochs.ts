import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';
import type { Entry } from './entry.ts';
import { findRowEpoch } from './journal.repository.ts';
import { findEntry } from './read-entries.ts';
import { findSegmentOf } from './segment.repository.ts';

/** The epoch of an entry, without unpacking it: all entries of a segment are of one. */
async function epochOf(db: Kysely<Database>, boardId: string, seq: number): Promise<number> {
	const epoch = await findRowEpoch(db, boardId, seq);
	return epoch ?? (await findSegmentOf(db, boardId, seq))?.epoch ?? 0;
}

/** A board's first entry of a later epoch than the one given, found by halves: epochs only rise. */
export async function findFirstAfterEpoch(
	db: Kysely<Database>,
	boardId: string,
	{ epoch, upToSeq }: { epoch: number; upToSeq: number }
): Promise<Entry | undefined> {
	let [low, high] = [1, upToSeq + 1];
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if ((await epochOf(db, boardId, middle)) > epoch) high = middle;
		else low = middle + 1;
	}
	return low > upToSeq ? undefined : findEntry(db, boardId, low);
}
