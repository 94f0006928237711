import { setImmediate as othersTurn } from 'node:timers/promises';
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
	findLastSeqSpokenOf,
	findSeqAt,
	insertEntries,
	listClientOwners,
	listEntries,
	lockEpochs
} from './journal.repository.ts';
import { listSnapshots, saveSnapshot, unpack } from './snapshot.repository.ts';

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
	 * Builds a board's document: the newest readable snapshot and every entry after it.
	 * @param upTo number of the last entry to take in; absent = all
	 * @throws if an entry is missing, is not what it was, or does not apply: a board is refused rather than shown in part
	 */
	async load(boardId: string, upTo = Infinity): Promise<{ doc: Y.Doc; head: Head; snapshotSeq: number }> {
		const { epoch } = await this.head(boardId);
		const snapshot = await this.#readSnapshot(boardId, { epoch, upTo });
		const doc = new Y.Doc();
		if (snapshot) Y.applyUpdate(doc, snapshot.state);
		let last: Link | undefined;
		// the entry of the snapshot itself is only read for its hash
		for await (const page of this.#pages(boardId, snapshot ? snapshot.seq - 1 : 0)) {
			const wanted = page.filter(({ seq }) => seq <= upTo);
			for (const entry of wanted) {
				if (entry.seq !== snapshot?.seq) assertFollows(entry, last);
				last = entry;
			}
			const fresh = wanted.filter(({ seq }) => seq !== snapshot?.seq);
			doc.transact(() => fresh.forEach(({ update }) => Y.applyUpdate(doc, update)));
			if (wanted.length < page.length) break;
		}
		const seq = last?.seq ?? 0;
		if (snapshot && seq < snapshot.seq) throw new Error(`journal of ${boardId} ends before its snapshot`);
		if (doc.store.pendingStructs || doc.store.pendingDs)
			throw new Error(`journal of ${boardId} does not replay`);
		const head = { seq, epoch, hash: last?.hash ?? NO_HASH, at: last?.receivedAt ?? null };
		return { doc, head, snapshotSeq: snapshot?.seq ?? 0 };
	}

	async #readSnapshot(boardId: string, { epoch, upTo }: { epoch: number; upTo: number }) {
		for (const { seq, state, ...snapshot } of await listSnapshots(this.#db, boardId)) {
			if (snapshot.epoch !== epoch || seq > upTo) continue;
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
