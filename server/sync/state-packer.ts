import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { PackedState } from '#server/journal/packed-state.ts';

/** What is to be packed: a state, and the updates that came after it. */
export interface PackingOrder {
	state: PackedState | undefined;
	updates: Uint8Array[];
}

const PROGRAM = join(import.meta.dirname, 'pack-worker.ts');
/** The thread ends when it had nothing to do for so long, and gives its memory back. */
const IDLE_MS = 5_000;

/** Packs the states of boards, one after the other, in a thread of its own. */
export class StatePacker {
	#worker: Worker | undefined;
	#last: Promise<unknown> = Promise.resolve();
	#timer: NodeJS.Timeout | undefined;

	/** @throws if the updates do not apply, or the thread breaks */
	pack(order: PackingOrder): Promise<PackedState> {
		const packed = this.#last.then(() => this.#run(order));
		this.#last = packed.catch(() => undefined);
		return packed;
	}

	async #run(order: PackingOrder): Promise<PackedState> {
		clearTimeout(this.#timer);
		const worker = (this.#worker ??= new Worker(PROGRAM));
		worker.ref(); // the program does not end before this is done
		try {
			worker.postMessage(order);
			const [packed] = (await once(worker, 'message')) as [PackedState];
			worker.unref();
			this.#timer = setTimeout(() => this.#end(), IDLE_MS);
			this.#timer.unref();
			return packed;
		} catch (error) {
			this.#end();
			throw error;
		}
	}

	#end(): void {
		void this.#worker?.terminate();
		this.#worker = undefined;
	}
}
