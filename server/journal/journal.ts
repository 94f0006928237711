import type { Kysely } from 'kysely';
import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { appendChanges } from '#server/history/change.repository.ts';
import { type Entry, hashOf, NO_HASH, type PendingEntry } from './entry.ts';
import {
	findEpoch,
	findLastEntry,
	insertEntries,
	listClientOwners,
	listEntries,
	lockEpochs
} from './journal.repository.ts';
import { listSnapshots, saveSnapshot, unpack } from './snapshot.repository.ts';

/** Entries read at a time when a board is replayed. */
const PAGE = 2_000;

/** Where a board's journal ends. */
export interface Head {
	seq: number;
	epoch: number;
	hash: string;
	/** When the last entry came, ISO 8601 UTC; null before the first. */
	at: string | null;
}
/** What the entry after another must build on. */
type Link = Pick<Entry, 'seq' | 'hash' | 'receivedAt'>;
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
	 * @returns the change rows as they stand afterwards, by board
	 * @throws {Refusal} `old-epoch` if a board has a newer epoch than its entry; any storage error
	 */
	async commit(entries: readonly PendingEntry[]): Promise<Map<string, RecordedChange[]>> {
		if (entries.length === 0) return new Map();
		const byBoard = Map.groupBy(entries, (entry) => entry.boardId);
		return this.#db.transaction().execute(async (trx) => {
			const epochs = await lockEpochs(trx, [...byBoard.keys()]);
			const stale = entries.find((entry) => entry.epoch !== epochs.get(entry.boardId));
			if (stale)
				throw new Refusal(
					'old-epoch',
					`board ${stale.boardId} is at epoch ${epochs.get(stale.boardId)}, not ${stale.epoch}`
				);
			await insertEntries(trx, entries);
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

	/** End of a board's journal. @throws {Refusal} `not-found` if there is no such board */
	async head(boardId: string): Promise<Head> {
		const epoch = await findEpoch(this.#db, boardId);
		if (epoch === undefined) throw new Refusal('not-found', `there is no board ${boardId}`);
		const last = await findLastEntry(this.#db, boardId);
		return { seq: last?.seq ?? 0, epoch, hash: last?.hash ?? NO_HASH, at: last?.receivedAt ?? null };
	}

	/** Entries after a seq, in order. */
	async *entries(boardId: string, afterSeq = 0): AsyncGenerator<Entry> {
		for (let from = afterSeq; ;) {
			const page = await listEntries(this.#db, boardId, from, PAGE);
			yield* page;
			const last = page.at(-1);
			if (!last || page.length < PAGE) return;
			from = last.seq;
		}
	}

	/**
	 * Builds a board's document: the newest readable snapshot and every entry after it.
	 * @throws if an entry is missing, is not what it was, or does not apply: a board is refused rather than shown in part
	 */
	async load(boardId: string): Promise<{ doc: Y.Doc; head: Head; snapshotSeq: number }> {
		const { epoch } = await this.head(boardId);
		const snapshot = await this.#readSnapshot(boardId, epoch);
		const doc = new Y.Doc();
		if (snapshot) Y.applyUpdate(doc, snapshot.state);
		const updates: Uint8Array[] = [];
		let last: Link | undefined;
		// the entry of the snapshot itself is only read for its hash
		for await (const entry of this.entries(boardId, snapshot ? snapshot.seq - 1 : 0)) {
			if (entry.seq !== snapshot?.seq) {
				assertFollows(entry, last);
				updates.push(entry.update);
			}
			last = entry;
		}
		const seq = last?.seq ?? 0;
		if (snapshot && seq < snapshot.seq) throw new Error(`journal of ${boardId} ends before its snapshot`);
		doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
		if (doc.store.pendingStructs || doc.store.pendingDs)
			throw new Error(`journal of ${boardId} does not replay`);
		const head = { seq, epoch, hash: last?.hash ?? NO_HASH, at: last?.receivedAt ?? null };
		return { doc, head, snapshotSeq: snapshot?.seq ?? 0 };
	}

	async #readSnapshot(boardId: string, epoch: number) {
		for (const { seq, state, ...snapshot } of await listSnapshots(this.#db, boardId)) {
			if (snapshot.epoch !== epoch) continue;
			try {
				return { seq, state: await unpack(state) };
			} catch {
				// a damaged snapshot is only a lost cache: the one before, or the whole journal, serves as well
			}
		}
		return undefined;
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

	/** Walks a board's chain from its first entry. */
	async verify(boardId: string): Promise<Verification> {
		let last: Link | undefined;
		for await (const entry of this.entries(boardId)) {
			const seq = (last?.seq ?? 0) + 1;
			if (!follows(entry, last)) return { ok: false, entries: seq, firstBadSeq: seq };
			last = entry;
		}
		return { ok: true, entries: last?.seq ?? 0, firstBadSeq: null };
	}
}

/** Whether an entry is the one that was written after another. */
function follows(entry: Entry, last: Link | undefined): boolean {
	return (
		entry.seq === (last?.seq ?? 0) + 1 &&
		entry.prevHash === (last?.hash ?? NO_HASH) &&
		entry.hash === hashOf(entry)
	);
}

function assertFollows(entry: Entry, last: Link | undefined): void {
	if (!follows(entry, last))
		throw new Error(`journal of ${entry.boardId}: entry ${(last?.seq ?? 0) + 1} is missing or was changed`);
}
