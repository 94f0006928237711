import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Compaction, CompactionRule } from '#server/journal/compact.ts';
import { clientsOf, isLargerThan, type PackedState } from '#server/journal/packed-state.ts';

/** What the thread is to do. */
export interface CompactionOrder {
	databaseUrl: string;
	boardId: string;
	rule: CompactionRule;
}

const PROGRAM = join(import.meta.dirname, 'compact-worker.ts');
/** A board that was measured is measured again when its packed state has grown by so much. */
const GROWTH = 1.25;

/** Begins the documents of boards afresh where the traces of the past outweigh the content, in a thread of its own. */
export class Compactor {
	readonly #order: Omit<CompactionOrder, 'boardId'>;
	readonly #log: Logger;
	/** Size of each board's packed state when it was measured last. */
	readonly #measured = new Map<string, number>();
	#last: Promise<unknown> = Promise.resolve();

	constructor(order: Omit<CompactionOrder, 'boardId'>, log: Logger) {
		this.#order = order;
		this.#log = log;
	}

	/**
	 * Takes notice of a board that everybody has left.
	 * @param state as it is stored; none before the first
	 * @returns what resolves when nothing of it is under way any more
	 */
	async consider(boardId: string, state: PackedState | undefined): Promise<void> {
		const packedBytes = state?.deflated.byteLength ?? 0;
		if (!state || packedBytes < GROWTH * (this.#measured.get(boardId) ?? 0)) return;
		this.#measured.set(boardId, packedBytes);
		this.#last = this.#last.then(() => this.#run(boardId, state));
		await this.#last;
	}

	/** A failure costs nothing but the gain; somebody who wrote meanwhile is one. */
	async #run(boardId: string, state: PackedState): Promise<void> {
		try {
			const { bytes, clients } = this.#order.rule;
			if (clientsOf(state) <= clients && !(await isLargerThan(state, bytes))) return; // most are: no thread for them
			const found = await compactInThread({ ...this.#order, boardId });
			if (found.seq !== null) this.#measured.delete(boardId);
			this.#log.info({ board: boardId, ...found }, 'the traces of the past were measured');
		} catch (error) {
			this.#log.info({ err: error, board: boardId }, 'the board was not compacted');
		}
	}
}

function compactInThread(order: CompactionOrder): Promise<Compaction> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(PROGRAM, { workerData: order });
		worker.unref(); // the program may end meanwhile: the database sees all of it or nothing
		worker.once('message', resolve);
		worker.once('error', reject);
		worker.once('exit', () => reject(new Error('the thread ended')));
	});
}
