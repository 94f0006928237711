import type { Logger } from 'pino';
import { SYSTEM_ACTOR } from '#domain/change.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { HistoryService } from './history.service.ts';
import { findSession } from './session.repository.ts';

/** Deriving the history of more entries takes so long that an operator chooses when. */
const ENTRIES_MAX = 20_000;

interface Parts {
	db: DatabaseHandle;
	journal: Pick<Journal, 'heads' | 'readable'>;
	history: Pick<HistoryService, 'rebuild'>;
	log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** Derives the history again of boards that are older than working sessions in it, once. */
export class PastSessions {
	readonly #parts: Parts;
	#isStopped = false;
	#filling: Promise<void> | undefined;
	constructor(parts: Parts) {
		this.#parts = parts;
	}

	start(): void {
		this.#filling = this.fill().catch((error: unknown) =>
			this.#parts.log.error({ err: error }, 'working sessions of before were not looked for')
		);
	}

	/** Ends it; the board that is under way is finished. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		await this.#filling;
	}

	/** Fills in what is missing, board by board. */
	async fill(): Promise<void> {
		for (const { boardId, seq } of await this.#parts.journal.heads()) {
			if (this.#isStopped) return;
			if (await this.#hasSessions(boardId)) continue;
			if (seq > ENTRIES_MAX)
				this.#parts.log.warn(
					{ board: boardId },
					'the history lacks working sessions of before: run "npx tongchou history rebuild"'
				);
			else await this.#derive(boardId);
		}
	}

	/** Whether the first thing a person did on a board belongs to a session that is told. */
	async #hasSessions(boardId: string): Promise<boolean> {
		for await (const { actorId, seq } of this.#parts.journal.readable(boardId))
			if (actorId !== SYSTEM_ACTOR)
				return (await findSession(this.#parts.db, boardId, seq + 1)) !== undefined;
		return true;
	}

	async #derive(boardId: string): Promise<void> {
		const { history, log } = this.#parts;
		try {
			await history.rebuild(boardId);
			log.info({ board: boardId }, 'working sessions of before are in the history');
		} catch (error) {
			log.error({ board: boardId, err: error }, 'working sessions of before were not derived');
		}
	}
}
