import type { Logger } from 'pino';
import type { RecordedChange } from '#domain/change.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { Journal } from '#server/journal/journal.ts';
import { endQuietSession, isEndTold } from './session.repository.ts';
import { isOver } from './working-session.ts';

/** An end is told at most so long after it is certain, or after the start, when everybody comes back. */
const LOOK_MS = 60_000;

/** Tells that a working session has ended once nobody has gone on with it, without waiting for the next one. */
export class SessionEnds {
	readonly #db: DatabaseHandle;
	readonly #journal: Pick<Journal, 'heads'>;
	readonly #tell: (boardId: string, rows: readonly RecordedChange[]) => void;
	readonly #log: Pick<Logger, 'error'>;
	/** The last entry of each board after which there is nothing more to tell. */
	readonly #looked = new Map<string, number>();
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> | undefined;
	constructor(parts: {
		db: DatabaseHandle;
		journal: Pick<Journal, 'heads'>;
		/** Tells those who are on a board. */
		tell: (boardId: string, rows: readonly RecordedChange[]) => void;
		log: Pick<Logger, 'error'>;
	}) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#tell = parts.tell;
		this.#log = parts.log;
	}

	start(): void {
		const look = () => (this.#looking ??= this.#look().finally(() => (this.#looking = undefined)));
		this.#timer = setInterval(() => void look(), LOOK_MS);
		this.#timer.unref();
	}

	/** Ends it; what is being written is written. */
	async stop(): Promise<void> {
		clearInterval(this.#timer);
		await this.#looking;
	}

	async #look(): Promise<void> {
		try {
			await this.tellDue(new Date().toISOString());
		} catch (error) {
			this.#log.error({ err: error }, 'the ends of working sessions were not told');
		}
	}

	/** Tells of all that are over at a moment (ISO 8601). */
	async tellDue(now: string): Promise<void> {
		for (const { boardId, seq, receivedAt: at } of await this.#journal.heads()) {
			if (this.#looked.get(boardId) === seq || !isOver({ seq, at }, now)) continue;
			// first, since finding out who took part reads all they did
			const isTold = await isEndTold(this.#db, boardId);
			const end = isTold ? undefined : await endQuietSession(this.#db, boardId, now);
			if (end) this.#tell(boardId, [end]);
			this.#looked.set(boardId, seq);
		}
	}
}
