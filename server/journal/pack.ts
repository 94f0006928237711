import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { follows, type Link } from './chain.ts';
import { DamagedStretch } from './damaged-stretch.ts';
import type { Entry } from './entry.ts';
import { findLastEntry, findPackedSeq, listRows } from './journal.repository.ts';
import { findLastSegment, replaceBySegment } from './segment.repository.ts';
import { packSegment } from './segment.ts';

/** Entries of one segment, and bytes of their updates: what is read and unpacked at once. */
const SEGMENT_ENTRIES = 1_000;
const SEGMENT_BYTES = 1 << 20;
/** Entries at the end of a journal that stay rows: boards are opened, and people come back, with these. */
const KEPT_ROWS = 2_000;

/** Which entries are packed: whole segments of them, all but the newest. */
export interface PackingRule {
	/** Those that came before this (ISO 8601 UTC), */
	before: string;
	/** and all but so many, whatever their age. */
	rowsMax: number;
	/** For tests: entries of a segment, and those that stay rows in any case. */
	entries?: number;
	kept?: number;
}

/** Entries that were packed. */
export interface Packed {
	fromSeq: number;
	toSeq: number;
	/** Of their updates, and of the whole segment. */
	updateBytes: number;
	bytes: number;
}

/**
 * Packs the next entries of a board, if some are due. Nothing is lost if it is broken off at any moment, and two may do
 * it at once: one of them does.
 * @returns undefined if none are due
 * @throws {DamagedStretch} if they are not what was written: they stay as they are
 */
export async function packNext(
	db: Kysely<Database>,
	boardId: string,
	rule: PackingRule
): Promise<Packed | undefined> {
	const last = await findLastSegment(db, boardId);
	const after = last?.toSeq ?? 0;
	const entries = await nextEntries(db, boardId, { after, rule });
	if (entries.length === 0) return undefined;
	// somebody else packed them since the last segment was looked up
	if (entries[0]!.seq !== after + 1 && (await findPackedSeq(db, boardId)) !== after)
		return packNext(db, boardId, rule);
	assertFollowing(entries, last && { seq: last.toSeq, hash: last.hash, receivedAt: '' });
	const segment = await packSegment(entries);
	try {
		await db.transaction().execute((trx) => replaceBySegment(trx, segment));
	} catch (error) {
		const isDoneByAnother = (await findPackedSeq(db, boardId)) >= segment.toSeq;
		if (!isDoneByAnother) throw error;
	}
	const { fromSeq, toSeq } = segment;
	const updateBytes = entries.reduce((sum, { update }) => sum + update.byteLength, 0);
	return { fromSeq, toSeq, updateBytes, bytes: segment.stamps.byteLength + segment.updates.byteLength };
}

/** The entries of the next segment, if it would be whole, and is due. */
async function nextEntries(
	db: Kysely<Database>,
	boardId: string,
	{ after, rule }: { after: number; rule: PackingRule }
): Promise<Entry[]> {
	const { before, rowsMax, entries: most = SEGMENT_ENTRIES, kept = KEPT_ROWS } = rule;
	const head = (await findLastEntry(db, boardId))?.seq ?? 0;
	if (head - after < most + kept) return [];
	const { entries, isWhole } = cut(await listRows(db, boardId, after, most + 1), most);
	const last = entries.at(-1);
	if (!last || !isWhole || last.seq > head - kept) return [];
	return last.receivedAt < before || head - last.seq >= rowsMax ? entries : [];
}

/** The first of these entries that fit into one segment; whole if no other could come to them. */
function cut(rows: readonly Entry[], most: number): { entries: Entry[]; isWhole: boolean } {
	const entries: Entry[] = [];
	let bytes = 0;
	for (const entry of rows) {
		bytes += entry.update.byteLength;
		const isOver = entries.length === most || (entries.length > 0 && bytes > SEGMENT_BYTES);
		if (isOver || entry.epoch !== rows[0]!.epoch) return { entries, isWhole: true };
		entries.push(entry);
	}
	return { entries, isWhole: false };
}

/** @throws {DamagedStretch} */
function assertFollowing(entries: readonly Entry[], before: Link | undefined): void {
	let last = before;
	for (const entry of entries) {
		if (!follows(entry, last)) {
			const seq = (last?.seq ?? 0) + 1;
			throw new DamagedStretch(entry.boardId, { fromSeq: seq, toSeq: seq });
		}
		last = entry;
	}
}
