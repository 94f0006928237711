import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Journal } from '#server/journal/journal.ts';
import type { Checkpoints } from './checkpoints.ts';

/** What the thread is to do. */
export interface CheckpointOrder {
	databaseUrl: string;
	boardId: string;
}

const PROGRAM = join(import.meta.dirname, 'checkpoint-worker.ts');
/** How often it is looked for what is due; not right after the start, when everybody comes back. */
const LOOK_MS = 60_000;

/** Makes the checkpoints of boards as their journals grow, in a thread of its own. */
export class CheckpointKeeper {
	readonly #parts: {
		journal: Pick<Journal, 'boardsWithRows'>;
		checkpoints: Checkpoints;
		databaseUrl: string;
	};
	readonly #log: Logger;
	#timer: NodeJS.Timeout | undefined;
	#isLooking = false;
	#isStopping = false;
	constructor(
		parts: { journal: Pick<Journal, 'boardsWithRows'>; checkpoints: Checkpoints; databaseUrl: string },
		log: Logger
	) {
		this.#parts = parts;
		this.#log = log;
	}

	start(): void {
		this.#timer = setInterval(() => this.#look(), LOOK_MS);
		this.#timer.unref();
	}

	/** Ends it; a checkpoint under way is given up, and made another time. */
	stop(): void {
		this.#isStopping = true;
		clearInterval(this.#timer);
	}

	#look(): void {
		if (!this.#isLooking) void this.#makeDue();
	}

	/** A failure costs time when somebody looks back, nothing else. */
	async #makeDue(): Promise<void> {
		this.#isLooking = true;
		try {
			await this.#makeAll();
		} catch (error) {
			if (!this.#isStopping) this.#log.warn({ err: error }, 'no checkpoint');
		} finally {
			this.#isLooking = false;
		}
	}

	async #makeAll(): Promise<void> {
		const { journal, checkpoints, databaseUrl } = this.#parts;
		for (const boardId of await journal.boardsWithRows()) {
			if (this.#isStopping) return;
			if (!(await checkpoints.isDue(boardId))) continue;
			const made = await makeInThread({ databaseUrl, boardId });
			this.#log.debug({ board: boardId, made }, 'made checkpoints');
		}
	}
}

function makeInThread(order: CheckpointOrder): Promise<number> {
	return new Promise((resolve, reject) => {
		const worker = new Worker(PROGRAM, { workerData: order });
		worker.unref(); // the program may end meanwhile: a checkpoint is there whole or not at all
		worker.once('message', resolve);
		worker.once('error', reject);
		worker.once('exit', () => reject(new Error('the thread ended')));
	});
}
