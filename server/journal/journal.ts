import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { appendChanges } from '#server/history/change.repository.ts';
import { follows, type Link, replay } from './chain.ts';
import { type Entry, NO_HASH, type PendingEntry } from './entry.ts';
import {
	type BoardStatus,
	findHighestEpoch,
	findLastEntry,
	findLastSeqSpokenOf,
	findSeqAt,
	insertEntries,
	listClientOwners,
	listEntries,
	listStatuses,
	lockBoards,
	setEpoch
} from './journal.repository.ts';
import { listSnapshots, saveSnapshot, unpack } from './snapshot.repository.ts';

export type { BoardStatus } from './journal.repository.ts';

/** Entries read at a time when a board is replayed; between two pages others have their turn. */
const PAGE = 500;

/** Where a board's journal ends. */
export interface Head {
	seq: number;
	epoch: number;
	hash: string;
	/** When the last entry came, ISO 8601 UTC; null before the first. */
	at: string | null;
}
/** A board as its journal gives it. */
export interface LoadedJournal {
	doc: Y.Doc;
	head: Head;
	/** Number of the last entry the snapshot it began with holds; 0 without one. */
	snapshotSeq: number;
	isArchived: boolean;
}
/** What a chain check found: the first entry that is not what it was, or null. */
export interface Verification {
	ok: boolean;
	entries: number;
	firstBadSeq: number | null;
}

/** The append-only log of every committed update, and the truth about every board. */
export class Journal {
	readonly #db: Kysely<Database>;
	constructor(db: Kysely<Database>) {
		this.#db = db;
	}

	/**
	 * Commits entries with their change rows in one transaction.
	 * @param first what belongs to it and must be there before the entries, such as the board itself
	 * @returns the change rows as they stand afterwards, by board
	 * @throws {Refusal} `not-found`, `old-epoch` if a board is at another epoch than its entry, `forbidden` if it is
	 * archived; any storage error
	 */
	async commit(
		entries: readonly PendingEntry[],
		first?: (trx: Transaction<Database>) => Promise<unknown>
	): Promise<Map<string, RecordedChange[]>> {
		if (entries.length === 0) return new Map();
		const byBoard = Map.groupBy(entries, (entry) => entry.boardId);
		return this.#db.transaction().execute(async (trx) => {
			await first?.(trx);
			const boards = await lockBoards(trx, [...byBoard.keys()]);
			for (const entry of entries) assertWritable(entry, boards.get(entry.boardId));
			await insertEntries(trx, entries);
			for (const { alongside } of entries) await alongside?.(trx);
			const written = new Map<string, RecordedChange[]>();
			for (const [boardId, own] of byBoard) {
				written.set(
					boardId,
					await appendChanges(
						trx,
						boardId,
						own.flatMap((entry) => entry.changes)
					)
				);
			}
			return written;
		});
	}

	/**
	 * Begins a new epoch of boards: clients that hold the state of the old one are told so instead of being merged.
	 * @param above the new epoch is higher than this, and than each board's own
	 */
	async beginEpoch(trx: Transaction<Database>, boardIds: readonly string[], above = 0): Promise<void> {
		const boards = await lockBoards(trx, boardIds);
		for (const [boardId, { epoch }] of boards) await setEpoch(trx, boardId, Math.max(epoch, above) + 1);
	}

	/** The highest epoch of any board. */
	highestEpoch(): Promise<number> {
		return findHighestEpoch(this.#db);
	}

	/** Status of the boards that there are, by id. */
	statuses(boardIds: readonly string[]): Promise<Map<string, BoardStatus>> {
		return listStatuses(this.#db, boardIds);
	}

	/** @throws {Refusal} `not-found` */
	async #status(boardId: string): Promise<BoardStatus> {
		const status = (await this.statuses([boardId])).get(boardId);
		if (!status) throw new Refusal('not-found', `there is no board ${boardId}`);
		return status;
	}

	/** End of a board's journal. @throws {Refusal} `not-found` if there is no such board */
	async head(boardId: string): Promise<Head> {
		const { epoch } = await this.#status(boardId);
		const last = await findLastEntry(this.#db, boardId);
		return { seq: last?.seq ?? 0, epoch, hash: last?.hash ?? NO_HASH, at: last?.receivedAt ?? null };
	}

	/** Entries after a seq, in order. */
	async *entries(boardId: string, afterSeq = 0): AsyncGenerator<Entry> {
		for await (const page of this.#pages(boardId, afterSeq)) yield* page;
	}

	async *#pages(boardId: string, afterSeq: number): AsyncGenerator<Entry[]> {
		for (let from = afterSeq; ;) {
			const page = await listEntries(this.#db, boardId, from, PAGE);
			yield page;
			const last = page.at(-1);
			if (!last || page.length < PAGE) return;
			from = last.seq;
			await othersTurn();
		}
	}

	/** Number of the last entry that had come by a moment (ISO 8601 UTC); 0 = none had. */
	async seqAt(boardId: string, at: string): Promise<number> {
		const { seq } = await this.head(boardId);
		for (let upToSeq = seq; upToSeq > 0; upToSeq -= PAGE) {
			const found = await findSeqAt(this.#db, boardId, { at, afterSeq: upToSeq - PAGE, upToSeq });
			if (found !== undefined) return found;
			await othersTurn();
		}
		return 0;
	}

	/**
	 * Builds a board's document: the newest readable snapshot and every entry after it. Nothing has to be read in one
	 * transaction: the journal only grows, and every beginning of it is a state the board had.
	 * @param upTo number of the last entry to take in; absent = all
	 * @throws if an entry is missing, is not what it was, or does not apply: a board is refused rather than shown in part
	 */
	async load(boardId: string, upTo = Infinity): Promise<LoadedJournal> {
		const { epoch, isArchived } = await this.#status(boardId);
		const spokenOf = await findLastSeqSpokenOf(this.#db, boardId);
		const { doc, seq: snapshotSeq } = await this.#openSnapshot(boardId, { epoch, upTo });
		const last = await replay(doc, this.#pages(boardId, Math.max(0, snapshotSeq - 1)), { snapshotSeq, upTo });
		const seq = last?.seq ?? 0;
		// every board begins with an entry
		if (seq < Math.min(upTo, Math.max(1, spokenOf)))
			throw new Error(`journal of ${boardId}: entry ${seq + 1} is missing or was changed`);
		if (doc.store.pendingStructs || doc.store.pendingDs)
			throw new Error(`journal of ${boardId} does not replay`);
		const head = { seq, epoch, hash: last?.hash ?? NO_HASH, at: last?.receivedAt ?? null };
		return { doc, head, snapshotSeq, isArchived };
	}

	/** The board as the newest readable snapshot has it; empty, at 0, without any. */
	async #openSnapshot(
		boardId: string,
		{ epoch, upTo }: { epoch: number; upTo: number }
	): Promise<{ doc: Y.Doc; seq: number }> {
		for (const { seq, state, ...snapshot } of await listSnapshots(this.#db, boardId)) {
			if (snapshot.epoch !== epoch || seq > upTo) continue;
			try {
				const doc = new Y.Doc();
				Y.applyUpdate(doc, await unpack(state));
				return { doc, seq };
			} catch {
				// a damaged snapshot is only a lost cache: the one before, or the whole journal, serves as well
			}
		}
		return { doc: new Y.Doc(), seq: 0 };
	}

	/** Yjs client → user who first wrote with it. */
	clientOwners(boardId: string): Promise<Map<number, string>> {
		return listClientOwners(this.#db, boardId);
	}

	/** Keeps a board's committed state, so that opening it need not replay the journal. */
	saveSnapshot(
		boardId: string,
		snapshot: { seq: number; epoch: number; state: Uint8Array; at: string }
	): Promise<void> {
		return saveSnapshot(this.#db, boardId, snapshot);
	}

	/** Walks a board's chain from its first entry; its end must not lie before what was made from it. */
	async verify(boardId: string): Promise<Verification> {
		const spokenOf = await findLastSeqSpokenOf(this.#db, boardId); // first: the journal grows meanwhile
		let last: Link | undefined;
		for await (const entry of this.entries(boardId)) {
			const seq = (last?.seq ?? 0) + 1;
			if (!follows(entry, last)) return { ok: false, entries: seq, firstBadSeq: seq };
			last = entry;
		}
		const entries = last?.seq ?? 0;
		const isCut = spokenOf > entries;
		return { ok: !isCut, entries, firstBadSeq: isCut ? entries + 1 : null };
	}
}

function assertWritable(
	{ boardId, epoch }: PendingEntry,
	board: { epoch: number; isArchived: boolean } | undefined
): void {
	if (!board) throw new Refusal('not-found', `there is no board ${boardId}`);
	if (epoch !== board.epoch)
		throw new Refusal('old-epoch', `board ${boardId} is at epoch ${board.epoch}, not ${epoch}`);
	if (board.isArchived) throw new Refusal('forbidden', `board ${boardId} is archived`);
}
