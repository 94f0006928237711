import type { Kysely } from 'kysely';
import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { Database } from '#server/database/database.ts';
import { isBeginning } from './beginning.ts';
import { entriesAfter, type Link } from './chain.ts';
import { type Entry, NO_HASH } from './entry.ts';
import { type BoardStatus, findLastEntry, listStatuses } from './journal.repository.ts';
import { findLastSeqSpokenOf } from './last-spoken-of.ts';
import { decodePacked, type PackedState, unpackState } from './packed-state.ts';
import { pagesOf } from './read-entries.ts';
import { snapshotsOf } from './snapshot.repository.ts';
import { advance } from './state-vector.ts';

/** Where a board's journal ends. */
export interface Head {
	seq: number;
	epoch: number;
	hash: string;
	/** When the last entry came, ISO 8601 UTC; null before the first. */
	at: string | null;
}
/** A board as its journal gives it. */
export interface LoadedBoard {
	doc: Y.Doc;
	head: Head;
	/** Number of the last entry the snapshot it began with holds; 0 without one. */
	snapshotSeq: number;
	isArchived: boolean;
}
/** A board as it is stored: a state, and what came after it. */
export interface StoredBoard {
	/** Seq 0 and no state before the first snapshot. */
	base: { seq: number; hash: string; state: PackedState | undefined };
	tail: Entry[];
	/** State vector of the whole board, encoded. */
	stateVector: Uint8Array;
	/** Number of the last entry the newest stored snapshot holds; 0 without one. */
	storedSeq: number;
	head: Head;
	isArchived: boolean;
}
/** How much may follow a snapshot before a new one is due. */
export interface TailMax {
	entries: number;
	bytes: number;
}

/** What the database says of a board. @throws {Refusal} `not-found` */
export async function statusOf(db: Kysely<Database>, boardId: string): Promise<BoardStatus> {
	const status = (await listStatuses(db, [boardId])).get(boardId);
	if (!status) throw new Refusal('not-found', `there is no board ${boardId}`);
	return status;
}

/** The entries from the one on that a snapshot ends with. */
const pagesFrom = (db: Kysely<Database>, boardId: string, seq: number) =>
	pagesOf(db, boardId, Math.max(0, seq - 1));

/**
 * Builds a board's document: the newest readable snapshot and every entry after it. Nothing has to be read in one
 * transaction: the journal only grows, and every beginning of it is a state the board had.
 * @param upTo number of the last entry to take in
 * @throws if an entry is missing, is not what it was, or does not apply
 */
export async function loadBoard(db: Kysely<Database>, boardId: string, upTo: number): Promise<LoadedBoard> {
	const { epoch, isArchived } = await statusOf(db, boardId);
	const spokenOf = await findLastSeqSpokenOf(db, boardId);
	const snapshot = await findDocument(db, boardId, { epoch, upTo });
	const snapshotSeq = snapshot.seq;
	let { doc } = snapshot;
	let end: Link | undefined;
	const pages = pagesFrom(db, boardId, snapshotSeq);
	for await (const { fresh, last } of entriesAfter(pages, { snapshotSeq, upTo })) {
		doc = applyAll(doc, fresh);
		end = last;
	}
	assertWhole(boardId, end, Math.min(upTo, Math.max(1, spokenOf)));
	if (doc.store.pendingStructs || doc.store.pendingDs)
		throw new Error(`journal of ${boardId} does not replay`);
	return { doc, head: headAt(end, epoch), snapshotSeq, isArchived };
}

/** @returns the document with all entries in it: a fresh one from the last of them that begins an epoch on */
function applyAll(doc: Y.Doc, entries: readonly Entry[]): Y.Doc {
	const beginning = entries.findLastIndex(isBeginning);
	if (beginning !== -1) doc.destroy();
	const document = beginning === -1 ? doc : new Y.Doc();
	const standing = entries.slice(Math.max(0, beginning));
	document.transact(() => standing.forEach(({ update }) => Y.applyUpdate(document, update)));
	return document;
}

/** The board as the newest readable snapshot has it; empty, at 0, without any. */
async function findDocument(
	db: Kysely<Database>,
	boardId: string,
	{ epoch, upTo }: { epoch: number; upTo: number }
): Promise<{ doc: Y.Doc; seq: number }> {
	for await (const { seq, state, ...snapshot } of snapshotsOf(db, boardId, upTo)) {
		if (snapshot.epoch !== epoch) continue;
		try {
			const doc = new Y.Doc();
			Y.applyUpdate(doc, unpackState(decodePacked(state)));
			return { doc, seq };
		} catch {
			// a damaged snapshot is only a lost cache: the one before, or the whole journal, serves as well
		}
	}
	return { doc: new Y.Doc(), seq: 0 };
}

/**
 * Reads the newest undamaged snapshot and what came after it.
 * @returns undefined if that is more than `tailMax`, or an epoch begins in it: the snapshot is of another document then
 * @throws if an entry is missing, is not what it was, or has a gap before it
 */
export async function openBoard(
	db: Kysely<Database>,
	boardId: string,
	tailMax: TailMax
): Promise<StoredBoard | undefined> {
	const { epoch, isArchived, seq: lastSeq } = await statusOf(db, boardId);
	const spokenOf = await findLastSeqSpokenOf(db, boardId);
	const { state, seq } = await findState(db, boardId, epoch);
	if (lastSeq - seq > tailMax.entries) return undefined;
	const read = await readTail(db, boardId, { seq, maxBytes: tailMax.bytes });
	if (!read) return undefined;
	assertWhole(boardId, read.end, Math.max(1, spokenOf));
	const stateVector = advance(state?.stateVector, read.tail);
	const hash = read.tail[0]?.prevHash ?? read.end?.hash ?? NO_HASH;
	const head = headAt(read.end, epoch);
	return { base: { seq, hash, state }, tail: read.tail, stateVector, storedSeq: seq, head, isArchived };
}

async function findState(
	db: Kysely<Database>,
	boardId: string,
	epoch: number
): Promise<{ seq: number; state: PackedState | undefined }> {
	for await (const { seq, state, ...snapshot } of snapshotsOf(db, boardId)) {
		if (snapshot.epoch !== epoch) continue;
		try {
			return { seq, state: decodePacked(state) };
		} catch {
			// as above
		}
	}
	return { seq: 0, state: undefined };
}

async function readTail(
	db: Kysely<Database>,
	boardId: string,
	{ seq, maxBytes }: { seq: number; maxBytes: number }
): Promise<{ tail: Entry[]; end: Link | undefined } | undefined> {
	const tail: Entry[] = [];
	let end: Link | undefined;
	let bytes = 0;
	const range = { snapshotSeq: seq, upTo: Infinity };
	for await (const { fresh, last } of entriesAfter(pagesFrom(db, boardId, seq), range)) {
		if (fresh.some(isBeginning)) return undefined;
		tail.push(...fresh);
		end = last;
		bytes += fresh.reduce((sum, { update }) => sum + update.byteLength, 0);
		if (bytes > maxBytes) return undefined;
	}
	return { tail, end };
}

/** Every board begins with an entry, and none that something was made from may be missing. */
function assertWhole(boardId: string, end: Link | undefined, least: number): void {
	const seq = end?.seq ?? 0;
	if (seq < least) throw new Error(`journal of ${boardId}: entry ${seq + 1} is missing or was changed`);
}

function headAt(end: Link | undefined, epoch: number): Head {
	return { seq: end?.seq ?? 0, epoch, hash: end?.hash ?? NO_HASH, at: end?.receivedAt ?? null };
}

/** End of a board's journal. @throws {Refusal} `not-found` if there is no such board */
export async function headOf(db: Kysely<Database>, boardId: string): Promise<Head> {
	const { epoch } = await statusOf(db, boardId);
	return headAt(await findLastEntry(db, boardId), epoch);
}
