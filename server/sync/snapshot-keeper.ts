import type { SyncDeps } from './deps.ts';
import type { BoardContent } from './board-content.ts';

interface Of {
	boardId: string;
	epoch: number;
	/** Number of the last entry the newest stored snapshot holds. */
	storedSeq: number;
}

/** Stores a board's committed state now and then, so that opening it need not replay the whole journal. */
export class SnapshotKeeper {
	readonly #of: Readonly<Omit<Of, 'storedSeq'>>;
	readonly #content: BoardContent;
	readonly #deps: Pick<SyncDeps, 'journal' | 'limits' | 'log' | 'packer'>;
	#storedSeq: number;
	#takenAt = Number.NEGATIVE_INFINITY;
	#going: Promise<void> | undefined;

	constructor({ storedSeq, ...of }: Of, content: BoardContent, deps: SyncDeps) {
		this.#of = of;
		this.#content = content;
		this.#storedSeq = storedSeq;
		this.#deps = deps;
	}

	/** Takes one if enough has come since the last one, and the last one is not of just now. */
	takeIfDue(): void {
		const { snapshotEntries, snapshotBytes, snapshotPauseMs } = this.#deps.limits;
		const { entries, bytes } = this.#content.tail;
		const isEnough = entries >= snapshotEntries || bytes >= snapshotBytes;
		const isOver = performance.now() - this.#takenAt >= snapshotPauseMs;
		if (isEnough && isOver && !this.#going) void this.#take();
	}

	/** Resolves when all that is committed now is stored, or that has failed. */
	async take(): Promise<void> {
		await this.#going; // it may be of an earlier state
		await (this.#going ?? this.#take());
	}

	#take(): Promise<void> {
		this.#takenAt = performance.now();
		this.#going = this.#packAndStore().finally(() => (this.#going = undefined));
		return this.#going;
	}

	/** A failure costs time at the next start, nothing else. */
	async #packAndStore(): Promise<void> {
		const { boardId, epoch } = this.#of;
		const { journal, log } = this.#deps;
		try {
			const { seq, state } = await this.#packed();
			if (seq === this.#storedSeq || !state) return;
			await journal.saveSnapshot(boardId, { seq, epoch, state, at: new Date().toISOString() });
			this.#storedSeq = seq;
		} catch (error) {
			log.warn({ err: error, board: boardId }, 'no snapshot');
		}
	}

	async #packed() {
		const { base, end } = this.#content;
		if (base.seq === end.seq) return base;
		const updates = this.#content.since(base.seq)!.map(({ update }) => update);
		const state = await this.#deps.packer.pack({ state: base.state, updates });
		const packed = { ...end, state };
		this.#content.rebase({ seq: packed.seq, hash: packed.hash, state });
		return packed;
	}
}
