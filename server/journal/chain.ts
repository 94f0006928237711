import * as Y from 'yjs';
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

/** Whether an entry is the one a snapshot ends with, as far as it can tell by itself. */
function isWhole(entry: Entry, seq: number): boolean {
	return entry.seq === seq && entry.hash === hashOf(entry);
}

/**
 * Applies a board's entries to its document as a snapshot has it.
 * @param pages of the journal, from the entry the snapshot ends with on
 * @param range number of that entry (0 = none), and of the last one to take in
 * @returns the last entry taken in, if there is any
 * @throws if an entry is missing or is not what it was
 */
export async function replay(
	doc: Y.Doc,
	pages: AsyncIterable<Entry[]>,
	{ snapshotSeq, upTo }: { snapshotSeq: number; upTo: number }
): Promise<Link | undefined> {
	let last: Link | undefined;
	for await (const page of pages) {
		const wanted = page.filter(({ seq }) => seq <= upTo);
		for (const entry of wanted) {
			const isStart = last === undefined && snapshotSeq > 0;
			if (isStart ? !isWhole(entry, snapshotSeq) : !follows(entry, last))
				throw new Error(`entry ${isStart ? snapshotSeq : (last?.seq ?? 0) + 1} is missing or was changed`);
			last = entry;
		}
		const fresh = wanted.filter(({ seq }) => seq > snapshotSeq);
		doc.transact(() => fresh.forEach(({ update }) => Y.applyUpdate(doc, update)));
		if (wanted.length < page.length) break;
	}
	return last;
}
