import { type Entry, hashOf, NO_HASH } from './entry.ts';

/** What the entry after another must build on. */
export type Link = Pick<Entry, 'seq' | 'hash' | 'receivedAt'>;

/** Whether an entry is the one that was written after another, or the first. */
export function follows(entry: Entry, last: Link | undefined): boolean {
	return (
		entry.seq === (last?.seq ?? 0) + 1 &&
		entry.prevHash === (last?.hash ?? NO_HASH) &&
		entry.hash === hashOf(entry)
	);
}

/** Whether an entry is the one of a number, as far as it can tell by itself. */
export function isWhole(entry: Entry, seq: number): boolean {
	return entry.seq === seq && entry.hash === hashOf(entry);
}

/**
 * A board's entries after a snapshot, each found to be the one that follows.
 * @param pages of the journal, from the entry the snapshot ends with on
 * @param range number of that entry (0 = none), and of the last one to take in
 * @yields each page's entries that the snapshot lacks, and the last one so far, which may be the snapshot's own
 * @throws if an entry is missing or is not what it was
 */
export async function* entriesAfter(
	pages: AsyncIterable<Entry[]>,
	{ snapshotSeq, upTo }: { snapshotSeq: number; upTo: number }
): AsyncGenerator<{ fresh: Entry[]; last: Link | undefined }> {
	let last: Link | undefined;
	for await (const page of pages) {
		const wanted = page.filter(({ seq }) => seq <= upTo);
		for (const entry of wanted) {
			const isStart = last === undefined && snapshotSeq > 0;
			if (isStart ? !isWhole(entry, snapshotSeq) : !follows(entry, last))
				throw new Error(`entry ${isStart ? snapshotSeq : (last?.seq ?? 0) + 1} is missing or was changed`);
			last = entry;
		}
		yield { fresh: wanted.filter(({ seq }) => seq > snapshotSeq), last };
		if (wanted.length < page.length || last?.seq === upTo) return;
	}
}
