import { hash } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';

/** One committed update of a board, stamped by the server. */
export interface Entry {
	boardId: string;
	/** 1, 2, 3 … without gaps. */
	seq: number;
	epoch: number;
	actorId: string;
	sessionId: string | null;
	/** ISO 8601 UTC. */
	receivedAt: string;
	update: Uint8Array;
	prevHash: string;
	hash: string;
}

/** An entry on its way into the journal, with what is derived from it. */
export interface PendingEntry extends Entry {
	changes: RecordedChange[];
	/** Yjs clients that wrote on this board for the first time. */
	newWriters: number[];
	/** Runs in the transaction of the entry: both happen, or neither. */
	alongside?: (trx: Transaction<Database>) => Promise<unknown>;
}

/** Hash before a board's first entry. */
export const NO_HASH = '0'.repeat(64);
/** The end of a journal that has no entry yet. */
export const NO_ENTRY: ChainEnd = { seq: 0, hash: NO_HASH };

/** Tells leaves of the chain from other digests over the same bytes. */
const LEAF = 0;
const HASH_BYTES = 32;

/** An entry as it is hashed: the JSON array of its columns, with the SHA-256 of the update in place of its bytes. */
export function canonicalRow(entry: Omit<Entry, 'hash' | 'prevHash'>): string {
	return JSON.stringify([
		entry.boardId,
		entry.seq,
		entry.epoch,
		entry.actorId,
		entry.sessionId,
		entry.receivedAt,
		hash('sha256', entry.update, 'hex')
	]);
}

/** Hash of an entry: SHA-256(0x00 | previous hash | canonical row), hex. */
export function hashOf(entry: Omit<Entry, 'hash'>): string {
	const row = canonicalRow(entry);
	const leaf = Buffer.alloc(1 + HASH_BYTES + Buffer.byteLength(row));
	leaf[0] = LEAF;
	leaf.write(entry.prevHash, 1, 'hex');
	leaf.write(row, 1 + HASH_BYTES);
	return hash('sha256', leaf, 'hex');
}

/** The end of a board's journal, to which the next entry is chained. */
export type ChainEnd = Pick<Entry, 'seq' | 'hash'>;

/** The entry that follows the end of a journal. */
export function entryAfter(
	{ seq, hash: prevHash }: ChainEnd,
	what: Omit<Entry, 'seq' | 'prevHash' | 'hash'>
): Entry {
	const entry = { ...what, seq: seq + 1, prevHash };
	return { ...entry, hash: hashOf(entry) };
}
