import type { Logger } from 'pino';
import * as Y from 'yjs';
import type { Head, Journal } from '#server/journal/journal.ts';
import type { SyncLimits } from './limits.ts';

interface SnapshotKeeperDeps {
	journal: Journal;
	limits: Pick<SyncLimits, 'snapshotEntries' | 'snapshotPauseMs'>;
	log: Logger;
}

/** Stores a board's state now and then, so that opening it need not replay the whole journal. */
export class SnapshotKeeper {
	readonly #boardId: string;
	readonly #doc: Y.Doc;
	readonly #deps: SnapshotKeeperDeps;
	#seq: number;
	#takenAt = Number.NEGATIVE_INFINITY;
	constructor(
		boardId: string,
		{ doc, snapshotSeq }: { doc: Y.Doc; snapshotSeq: number },
		deps: SnapshotKeeperDeps
	) {
		this.#boardId = boardId;
		this.#doc = doc;
		this.#seq = snapshotSeq;
		this.#deps = deps;
	}

	/** Whether enough has come since the last one, and the last one is not of just now. */
	isDue(seq: number): boolean {
		const { snapshotEntries, snapshotPauseMs } = this.#deps.limits;
		return seq - this.#seq >= snapshotEntries && performance.now() - this.#takenAt >= snapshotPauseMs;
	}

	/**
	 * Takes the document's state as it is at this moment.
	 * @returns what stores it, to be run when all the document holds is committed; undefined if it is stored already
	 */
	take({ seq, epoch }: Head): (() => Promise<void>) | undefined {
		if (seq === this.#seq) return undefined;
		this.#seq = seq;
		this.#takenAt = performance.now();
		const state = Y.encodeStateAsUpdate(this.#doc);
		return () => this.#store({ seq, epoch, state });
	}

	/** A failure costs time at the next start, nothing else. */
	async #store(snapshot: { seq: number; epoch: number; state: Uint8Array }): Promise<void> {
		try {
			await this.#deps.journal.saveSnapshot(this.#boardId, { ...snapshot, at: new Date().toISOString() });
		} catch (error) {
			this.#deps.log.warn({ err: error, board: this.#boardId }, 'no snapshot');
		}
	}
}
