import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { DamagedStretch } from './damaged-stretch.ts';
import type { Entry } from './entry.ts';
import { listRows } from './journal.repository.ts';
import { findSegmentAfter, findSegmentOf } from './segment.repository.ts';
import { unpackSegment } from './segment.ts';

/** Rows read at a time; between two pages others have their turn. */
const PAGE = 500;

/** Some of a board's entries, in order. */
export interface EntryPage {
	entries: Entry[];
	isLast: boolean;
}

/**
 * Entries after a seq, wherever they lie: those of one segment, or some rows.
 * @throws {DamagedStretch} if the next one is missing although there are later ones, or what holds it is not what was written
 */
export async function readPage(
	db: Kysely<Database>,
	boardId: string,
	afterSeq: number,
	limit = PAGE
): Promise<EntryPage> {
	const packed = await readPacked(db, boardId, afterSeq + 1);
	if (packed) return { entries: packed, isLast: false };
	const rows = await listRows(db, boardId, afterSeq, limit);
	if (rows[0]?.seq === afterSeq + 1) return { entries: rows, isLast: rows.length < limit };
	// packed in between: a row goes with the transaction that brings its segment
	const since = await readPacked(db, boardId, afterSeq + 1);
	if (since) return { entries: since, isLast: false };
	const later = await findSegmentAfter(db, boardId, afterSeq);
	const next = Math.min(rows[0]?.seq ?? Infinity, later?.fromSeq ?? Infinity);
	// a segment whose bounds were changed may begin with the wanted entry and not hold it
	const toSeq = Math.max(afterSeq + 1, next - 1);
	if (next < Infinity) throw new DamagedStretch(boardId, { fromSeq: afterSeq + 1, toSeq });
	return { entries: [], isLast: true };
}

/** The entries of a segment from one on; undefined if that one is in none. */
async function readPacked(db: Kysely<Database>, boardId: string, seq: number): Promise<Entry[] | undefined> {
	const segment = await findSegmentOf(db, boardId, seq);
	if (!segment) return undefined;
	const sound = await unpackSegment(segment);
	const wanted = sound.filter((entry) => entry.seq >= seq);
	if (wanted.length > 0) return wanted;
	const fromSeq = Math.min(seq, (sound.at(-1)?.seq ?? segment.fromSeq - 1) + 1);
	throw new DamagedStretch(boardId, { fromSeq, toSeq: segment.toSeq });
}

/** A board's entries after a seq, page by page. @throws {DamagedStretch} */
export async function* pagesOf(
	db: Kysely<Database>,
	boardId: string,
	afterSeq: number
): AsyncGenerator<Entry[]> {
	for (let from = afterSeq; ;) {
		const { entries, isLast } = await readPage(db, boardId, from);
		yield entries;
		const last = entries.at(-1);
		if (!last || isLast) return;
		from = last.seq;
		await othersTurn();
	}
}

/** A board's entries in order; those that cannot be read are left out. */
export async function* readableEntries(db: Kysely<Database>, boardId: string): AsyncGenerator<Entry> {
	for (let after = 0; ;)
		try {
			for await (const page of pagesOf(db, boardId, after))
				for (const entry of page) {
					yield entry;
					after = entry.seq;
				}
			return;
		} catch (error) {
			if (!(error instanceof DamagedStretch)) throw error;
			after = error.toSeq;
		}
}

/** One entry. @throws {DamagedStretch} */
export async function findEntry(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<Entry | undefined> {
	const { entries } = await readPage(db, boardId, seq - 1, 1);
	return entries[0]?.seq === seq ? entries[0] : undefined;
}
