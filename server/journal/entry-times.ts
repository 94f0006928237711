import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { DamagedStretch } from './damaged-stretch.ts';
import {
	findPackedSeq,
	findRowSeqAt,
	findRowSeqsAt,
	findRowTime,
	listRowTimes
} from './journal.repository.ts';
import { findSegmentOf, listBeginnings } from './segment.repository.ts';
import { type Segment, unpackTimes } from './segment.ts';

/** Rows looked through at a time; between two pages others have their turn. */
const PAGE = 500;

/** When an entry came. */
export interface EntryTime {
	seq: number;
	/** ISO 8601 UTC. */
	at: string;
}

/** @throws {DamagedStretch} */
async function timesIn(segment: Segment): Promise<EntryTime[]> {
	const times = await unpackTimes(segment);
	if (!times) throw new DamagedStretch(segment.boardId, segment);
	return times.map((at, index) => ({ seq: segment.fromSeq + index, at }));
}

/** Numbers and times of a board's newest entries before one, newest first. @throws {DamagedStretch} */
export async function listTimes(
	db: Kysely<Database>,
	boardId: string,
	{ below, limit }: { below: number; limit: number }
): Promise<EntryTime[]> {
	const found = await listRowTimes(db, boardId, { below, limit });
	while (found.length < limit) {
		const next = (found.at(-1)?.seq ?? below) - 1;
		const segment = await findSegmentOf(db, boardId, next);
		if (!segment) return found;
		const times = (await timesIn(segment)).filter(({ seq }) => seq <= next);
		found.push(...times.reverse().slice(0, limit - found.length));
	}
	return found;
}

/** When an entry came; undefined if there is none. @throws {DamagedStretch} */
export async function findTimeOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<string | undefined> {
	const at = await findRowTime(db, boardId, seq);
	if (at !== undefined) return at;
	const segment = await findSegmentOf(db, boardId, seq);
	return segment && (await timesIn(segment))[seq - segment.fromSeq]?.at;
}

/** The last packed entry that had come by each of some moments; 0 = none had. @throws {DamagedStretch} */
async function findPackedSeqsAt(
	db: Kysely<Database>,
	boardId: string,
	moments: readonly string[]
): Promise<number[]> {
	const beginnings = await listBeginnings(db, boardId);
	const unpacked = new Map<number, EntryTime[]>();
	const found: number[] = [];
	for (const moment of moments) {
		const fromSeq = beginnings.findLast(({ earliestAt }) => earliestAt <= moment)?.fromSeq;
		if (fromSeq !== undefined && !unpacked.has(fromSeq))
			unpacked.set(fromSeq, await timesIn((await findSegmentOf(db, boardId, fromSeq))!));
		const times = fromSeq === undefined ? [] : unpacked.get(fromSeq)!;
		found.push(times.findLast(({ at }) => at <= moment)?.seq ?? 0);
	}
	return found;
}

/**
 * Number of the last entry of a board that had come by each of some moments; 0 = none had. Where a clock was set back,
 * one of the entries that fit is found.
 * @param moments ISO 8601 UTC
 * @param head number of the board's last entry
 * @throws {DamagedStretch}
 */
export async function findSeqsAt(
	db: Kysely<Database>,
	boardId: string,
	{ moments, head }: { moments: readonly string[]; head: number }
): Promise<number[]> {
	const packed = await findPackedSeq(db, boardId);
	const seqs = await findRowSeqsAt(db, boardId, { moments, after: packed, head });
	if ((await findPackedSeq(db, boardId)) !== packed) return findSeqsAt(db, boardId, { moments, head });
	const older = moments.filter((_, index) => seqs[index] === packed);
	const packedSeqs = packed > 0 ? await findPackedSeqsAt(db, boardId, older) : [];
	return seqs.map((seq) => (seq === packed ? (packedSeqs.shift() ?? 0) : seq));
}

/** Number of the last entry that had come by a moment (ISO 8601 UTC); 0 = none had. @throws {DamagedStretch} */
export async function findSeqAt(
	db: Kysely<Database>,
	boardId: string,
	{ at, head }: { at: string; head: number }
): Promise<number> {
	const packed = await findPackedSeq(db, boardId);
	for (let upToSeq = head; upToSeq > packed; upToSeq -= PAGE) {
		const found = await findRowSeqAt(db, boardId, { at, afterSeq: upToSeq - PAGE, upToSeq });
		if (found !== undefined) return found;
		await othersTurn();
	}
	return packed > 0 ? (await findPackedSeqsAt(db, boardId, [at]))[0]! : 0;
}
