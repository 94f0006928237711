import type { Kysely } from 'kysely';
import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { appendChanges } from '#server/history/change.repository.ts';
import { type Entry, hashOf, NO_HASH, type PendingEntry } from './entry.ts';
import {
	findLastEntry,
	insertEntries,
	listClientOwners,
	listEntries,
	readEpochs
} from './journal.repository.ts';
import { listSnapshots, saveSnapshot, unpack } from './snapshot.repository.ts';

/** Entries read at a time when a board is replayed. */
const PAGE = 2_000;

/** Where a board's journal ends. */
export interface Head {
	seq: number;
	epoch: number;
	hash: string;
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
	 * @returns the change rows as they stand afterwards, by board
	 * @throws {Refusal} `old-epoch` if a board has a newer epoch than its entry; any storage error
	 */
	async commit(entries: readonly PendingEntry[]): Promise<Map<string, RecordedChange[]>> {
		const byBoard = Map.groupBy(entries, (entry) => entry.boardId);
		return this.#db.transaction().execute(async (trx) => {
			const epochs = await readEpochs(trx, [...byBoard.keys()]);
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
		const epoch = (await readEpochs(this.#db, [boardId])).get(boardId);
		if (epoch === undefined) throw new Refusal('not-found', `there is no board ${boardId}`);
		const last = await findLastEntry(this.#db, boardId);
		return { seq: last?.seq ?? 0, epoch, hash: last?.hash ?? NO_HASH };
	}

	/** When the newest entry of a board came; null before the first. */
	async lastEntryAt(boardId: string): Promise<string | null> {
		return (await findLastEntry(this.#db, boardId))?.receivedAt ?? null;
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
	 * @throws if an entry is missing or does not apply: a board is refused rather than shown in part
	 */
	async load(boardId: string): Promise<{ doc: Y.Doc; head: Head; snapshotSeq: number }> {
		const head = await this.head(boardId);
		const snapshot = await this.#readSnapshot(boardId);
		const doc = new Y.Doc();
		if (snapshot) Y.applyUpdate(doc, snapshot.state);
		let seq = snapshot?.seq ?? 0;
		const updates: Uint8Array[] = [];
		for await (const entry of this.entries(boardId, seq)) {
			if (entry.seq !== seq + 1) throw new Error(`journal of ${boardId} misses entry ${seq + 1}`);
			seq = entry.seq;
			updates.push(entry.update);
			head.hash = entry.hash;
		}
		doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
		if (doc.store.pendingStructs || doc.store.pendingDs)
			throw new Error(`journal of ${boardId} does not replay`);
		return { doc, head: { ...head, seq }, snapshotSeq: snapshot?.seq ?? 0 };
	}

	async #readSnapshot(boardId: string) {
		for (const { seq, epoch, state } of await listSnapshots(this.#db, boardId)) {
			try {
				return { seq, epoch, state: await unpack(state) };
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
		let seq = 0;
		let prevHash = NO_HASH;
		for await (const entry of this.entries(boardId)) {
			seq += 1;
			const whole = entry.seq === seq && entry.prevHash === prevHash && entry.hash === hashOf(entry);
			if (!whole) return { ok: false, entries: seq, firstBadSeq: seq };
			prevHash = entry.hash;
		}
		return { ok: true, entries: seq, firstBadSeq: null };
	}
}
