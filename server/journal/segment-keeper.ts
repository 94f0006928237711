import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Journal } from './journal.ts';
import type { PackingRule } from './pack.ts';

/** How often it is looked for what is due; a day more or less does not matter. */
const LOOK_MS = 60_000;
/** Between two segments, so that whoever is at work does not notice. */
const PAUSE_MS = 100;
const DAY_MS = 86_400_000;
/** Rows of one board that are kept at most, however young they are. */
const ROWS_MAX = 10_000;

/** What is due at a moment. @param days entries that are older are packed */
export function packingRule(days: number, now: Date): PackingRule {
	return { before: new Date(now.getTime() - days * DAY_MS).toISOString(), rowsMax: ROWS_MAX };
}

/** Packs old entries of the journal as time goes by, a segment at a time. */
export class SegmentKeeper {
	readonly #journal: Pick<Journal, 'boardsWithRows' | 'packNext'>;
	readonly #days: number;
	readonly #log: Logger;
	/** Boards whose entries could not be packed: said once. */
	readonly #failed = new Set<string>();
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> | undefined;
	#isStopping = false;
	constructor(journal: Pick<Journal, 'boardsWithRows' | 'packNext'>, days: number, log: Logger) {
		this.#journal = journal;
		this.#days = days;
		this.#log = log;
	}

	start(): void {
		this.#timer = setInterval(() => this.#look(), LOOK_MS);
		this.#timer.unref();
	}

	/** Ends it; the segment under way is finished. */
	async stop(): Promise<void> {
		this.#isStopping = true;
		clearInterval(this.#timer);
		await this.#looking;
	}

	#look(): void {
		this.#looking ??= this.packDue()
			.catch((error: unknown) => this.#log.warn({ err: error }, 'the journal was not packed'))
			.finally(() => (this.#looking = undefined));
	}

	/** Packs all that is due now. */
	async packDue(): Promise<void> {
		for (const boardId of await this.#journal.boardsWithRows()) await this.#packBoard(boardId);
	}

	/** One board's trouble is not another's. */
	async #packBoard(boardId: string): Promise<void> {
		try {
			while (!this.#isStopping) {
				const packed = await this.#journal.packNext(boardId, packingRule(this.#days, new Date()));
				if (!packed) return;
				this.#log.debug({ board: boardId, ...packed }, 'packed a stretch of the journal');
				await delay(PAUSE_MS, undefined, { ref: false });
			}
		} catch (error) {
			if (!this.#failed.has(boardId))
				this.#log.warn({ err: error, board: boardId }, 'a stretch of the journal was not packed');
			this.#failed.add(boardId);
		}
	}
}
