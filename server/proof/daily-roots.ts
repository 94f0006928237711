import type { Logger } from 'pino';
import type { RootService } from './root.service.ts';

/** A root stands at most so long after its day began, and so long after a disk that was full has room again. */
const LOOK_MS = 60_000;

/**
 * Writes a root at the start if the day has none yet, and then one with each new day in China. What cannot be written
 * is logged once and tried again; nothing else waits for it.
 */
export class DailyRoots {
	readonly #roots: Pick<RootService, 'writeDaily'>;
	readonly #log: Logger;
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> | undefined;
	#hasFailed = false;
	constructor(roots: Pick<RootService, 'writeDaily'>, log: Logger) {
		this.#roots = roots;
		this.#log = log;
	}

	start(): void {
		this.#look();
		this.#timer = setInterval(() => this.#look(), LOOK_MS);
		this.#timer.unref();
	}

	/** Ends it; what is being written is written. */
	async stop(): Promise<void> {
		clearInterval(this.#timer);
		await this.#looking;
	}

	#look(): void {
		this.#looking ??= this.#write().finally(() => (this.#looking = undefined));
	}

	async #write(): Promise<void> {
		try {
			const name = await this.#roots.writeDaily(new Date());
			// as a rule nobody need hear of it; after trouble it is good news
			const level = this.#hasFailed ? 'info' : 'debug';
			this.#hasFailed = false;
			if (name !== undefined) this.#log[level]({ root: name }, 'signed the root of the day');
		} catch (error) {
			if (!this.#hasFailed) this.#log.error({ err: error }, 'the root of the day was not written');
			this.#hasFailed = true;
		}
	}
}
