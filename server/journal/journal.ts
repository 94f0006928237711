import type { Kysely, Transaction } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { appendChanges } from '#server/history/change.repository.ts';
import { SessionKeeper } from '#server/history/session-keeper.ts';
import { isBeginning } from './beginning.ts';
import { entriesAfter } from './chain.ts';
import { type EntryTime, findSeqAt, findSeqsAt, findTimeOf, listTimes } from './entry-times.ts';
import { findFirstAfterEpoch } from './epochs.ts';
import { ChainCheck, type ChainFinding, type Mark } from './chain-check.ts';
import type { Entry, PendingEntry } from './entry.ts';
import {
	type BoardStatus,
	findHighestEpoch,
	insertEntries,
	listBoardsWithRows,
	listClientOwners,
	listHeads,
	listStatuses,
	type LockedBoard,
	lockBoards,
	retireClients,
	setEpoch
} from './journal.repository.ts';
import { findLastSeqSpokenOf } from './last-spoken-of.ts';
import { type Packed, packNext, type PackingRule } from './pack.ts';
import { packState } from './packed-state.ts';
import { pagesOf, readableEntries } from './read-entries.ts';
import { deleteSnapshots, saveSnapshot, type Snapshot } from './snapshot.repository.ts';
import {
	type LoadedBoard,
	loadBoard,
	openBoard,
	headOf,
	type Head,
	statusOf,
	type StoredBoard,
	type TailMax
} from './stored-board.ts';

export type { BoardStatus } from './journal.repository.ts';
export type { Head } from './stored-board.ts';

/** What a chain check found: the first entry that is not what it was, or null. */
export interface Verification {
	ok: boolean;
	entries: number;
	firstBadSeq: number | null;
}

/** The append-only log of every committed update, and the truth about every board. */
export class Journal {
	readonly #db: Kysely<Database>;
	readonly #sessions = new SessionKeeper();
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
				const changes = own.flatMap((entry) => entry.changes);
				const { begun, ended } = await this.#sessions.take(trx, boardId, own);
				written.set(boardId, [...ended, ...(await appendChanges(trx, boardId, [...changes, ...begun]))]);
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

	/**
	 * Commits an entry that begins an epoch: the clients of the epoch before are told so, and theirs are retired.
	 * @param clientId the Yjs client that wrote what the entry holds
	 * @throws {Refusal} `not-found`, `forbidden` if the board is archived, `conflict` if it is not at the entry before
	 */
	async begin(
		entry: Entry,
		{ clientId, alongside }: { clientId: number; alongside: NonNullable<PendingEntry['alongside']> }
	): Promise<void> {
		const { boardId, seq, epoch } = entry;
		await this.#inTransaction(async (trx) => {
			const board = (await lockBoards(trx, [boardId])).get(boardId);
			if (board && board.epoch !== epoch - 1)
				throw new Refusal('conflict', `board ${boardId} began an epoch of its own`);
			assertWritable({ boardId, seq, epoch: epoch - 1 }, board);
			if ((await headOf(trx, boardId)).seq !== seq - 1)
				throw new Refusal('conflict', `board ${boardId} was changed meanwhile`);
			await setEpoch(trx, boardId, epoch);
			await retireClients(trx, boardId);
			await insertEntries(trx, [{ ...entry, changes: [], newWriters: [clientId] }]);
			await alongside(trx);
		});
	}

	/** In the transaction the journal was opened in, if it was, else in one of its own. */
	#inTransaction<T>(work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
		if (this.#db.isTransaction) return work(this.#db as Transaction<Database>);
		return this.#db.transaction().execute(work);
	}

	/**
	 * Whether all that was ever committed in an epoch of a board is in the board's past: the epoch is the board's own, or
	 * ended with the beginning of the next. One that a restored backup ended may have held more than the journal does.
	 * @throws {Refusal} `not-found`
	 */
	async isWhole(boardId: string, epoch: number): Promise<boolean> {
		const status = await statusOf(this.#db, boardId);
		if (epoch === status.epoch) return true;
		const next = await findFirstAfterEpoch(this.#db, boardId, { epoch, upToSeq: status.seq });
		return next !== undefined && next.epoch === epoch + 1 && isBeginning(next);
	}

	/** The highest epoch of any board. */
	highestEpoch(): Promise<number> {
		return findHighestEpoch(this.#db);
	}

	/** Status of the boards that there are, by id. */
	statuses(boardIds: readonly string[]): Promise<Map<string, BoardStatus>> {
		return listStatuses(this.#db, boardIds);
	}

	/** End of a board's journal. @throws {Refusal} `not-found` if there is no such board */
	head(boardId: string): Promise<Head> {
		return headOf(this.#db, boardId);
	}

	/** Where the journals of all boards end, by their ids; boards without an entry are left out. */
	heads(): Promise<{ boardId: string; seq: number; hash: string; receivedAt: string }[]> {
		return listHeads(this.#db);
	}

	/** Entries after a seq, in order. */
	async *entries(boardId: string, afterSeq = 0): AsyncGenerator<Entry> {
		for await (const page of pagesOf(this.#db, boardId, afterSeq)) yield* page;
	}

	/** Entries in order, but for those that cannot be read: verifying tells of these. */
	readable(boardId: string): AsyncGenerator<Entry> {
		return readableEntries(this.#db, boardId);
	}

	/** Numbers and times of the newest entries before one, newest first. */
	times(boardId: string, part: { below: number; limit: number }): Promise<EntryTime[]> {
		return listTimes(this.#db, boardId, part);
	}

	/** When an entry came; undefined if there is none. */
	timeOf(boardId: string, seq: number): Promise<string | undefined> {
		return findTimeOf(this.#db, boardId, seq);
	}

	/** Number of the last entry that had come by a moment (ISO 8601 UTC); 0 = none had. */
	async seqAt(boardId: string, at: string): Promise<number> {
		const { seq } = await this.head(boardId);
		return findSeqAt(this.#db, boardId, { at, head: seq });
	}

	/**
	 * The same of many moments, quickly: where a clock was set back, one of the entries that fit is found.
	 * @param head number of the board's last entry
	 */
	seqsAt(boardId: string, part: { moments: readonly string[]; head: number }): Promise<number[]> {
		return findSeqsAt(this.#db, boardId, part);
	}

	/**
	 * Builds a board's document as it is in the journal.
	 * @param upTo number of the last entry to take in; absent = all
	 * @throws if an entry is missing, is not what it was, or does not apply: a board is refused rather than shown in part
	 */
	load(boardId: string, upTo = Infinity): Promise<LoadedBoard> {
		return loadBoard(this.#db, boardId, upTo);
	}

	/**
	 * Reads a board as it is stored, without building its document.
	 * @param tailMax if more than this came after its snapshot, its state is packed anew
	 * @throws as `load`
	 */
	async open(boardId: string, tailMax: TailMax): Promise<StoredBoard> {
		const opened = await openBoard(this.#db, boardId, tailMax);
		if (opened) return opened;
		const { doc, head, snapshotSeq, isArchived } = await this.load(boardId);
		const base = { seq: head.seq, hash: head.hash, state: await packState(doc) };
		const { stateVector } = base.state;
		doc.destroy();
		return { base, tail: [], stateVector, storedSeq: snapshotSeq, head, isArchived };
	}

	/**
	 * Some of a board's entries, in order; undefined if they are more than `maxBytes`.
	 * @throws if one is missing or is not what it was
	 */
	async stretch(
		boardId: string,
		{ afterSeq, upToSeq }: { afterSeq: number; upToSeq: number },
		maxBytes: number
	): Promise<Entry[] | undefined> {
		const pages = pagesOf(this.#db, boardId, Math.max(0, afterSeq - 1));
		const found: Entry[] = [];
		let bytes = 0;
		for await (const { fresh } of entriesAfter(pages, { snapshotSeq: afterSeq, upTo: upToSeq })) {
			found.push(...fresh);
			bytes += fresh.reduce((sum, { update }) => sum + update.byteLength, 0);
			if (bytes > maxBytes) return undefined;
		}
		if (found.at(-1)?.seq !== upToSeq) throw new Error(`journal of ${boardId}: entry ${upToSeq} is missing`);
		return found;
	}

	/** Boards by their ids, those with the most entries that are not packed first. */
	boardsWithRows(): Promise<string[]> {
		return listBoardsWithRows(this.#db);
	}

	/**
	 * Packs the next stretch of a board's old entries, if one is due.
	 * @throws {DamagedStretch} if it is not what was written: then it stays as it is
	 */
	packNext(boardId: string, rule: PackingRule): Promise<Packed | undefined> {
		return packNext(this.#db, boardId, rule);
	}

	/** Yjs client → user who first wrote with it. */
	clientOwners(boardId: string): Promise<Map<number, string>> {
		return listClientOwners(this.#db, boardId);
	}

	/** Forgets a board's snapshots: the journal has all that is in them. */
	forgetSnapshots(boardId: string): Promise<void> {
		return deleteSnapshots(this.#db, boardId);
	}

	/** Keeps a board's committed state, so that opening it need not replay the journal. */
	saveSnapshot(boardId: string, snapshot: Snapshot & { at: string }): Promise<void> {
		return saveSnapshot(this.#db, boardId, snapshot);
	}

	/** Walks a board's chain from its first entry; its end must not lie before what was made from it. */
	async verify(boardId: string): Promise<Verification> {
		const { ok, entries, firstBadSeq } = await this.check(boardId);
		return { ok, entries, firstBadSeq };
	}

	/** The same, told in full. @param marks what witnesses outside of the database say of entries */
	async check(boardId: string, marks: readonly Mark[] = []): Promise<ChainFinding> {
		const spokenOf = await findLastSeqSpokenOf(this.#db, boardId); // first: the journal grows meanwhile
		const check = new ChainCheck(marks);
		for await (const entry of this.readable(boardId)) if (!check.take(entry)) break;
		return check.finish(spokenOf);
	}
}

function assertWritable(
	{ boardId, seq, epoch }: Pick<PendingEntry, 'boardId' | 'seq' | 'epoch'>,
	board: LockedBoard | undefined
): void {
	if (!board) throw new Refusal('not-found', `there is no board ${boardId}`);
	if (epoch !== board.epoch)
		throw new Refusal('old-epoch', `board ${boardId} is at epoch ${board.epoch}, not ${epoch}`);
	if (board.isArchived) throw new Refusal('forbidden', `board ${boardId} is archived`);
	// no row's key says so any more
	if (seq <= board.packedSeq)
		throw new Refusal('conflict', `entry ${seq} of board ${boardId} is there already`);
}
