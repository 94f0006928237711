import type { DatabaseHandle } from '#server/database/database.ts';
import { noteVisit } from './visit.repository.ts';

/** Who comes back within this time is still on the same visit. */
const VISIT_PAUSE_MS = 30 * 60_000;

/** When people were last on their boards, so that each can be told what has happened since. */
export class VisitService {
	readonly #db: DatabaseHandle;
	constructor(db: DatabaseHandle) {
		this.#db = db;
	}

	/** Notes that somebody is on a board. @returns when their visit before this one ended, ISO 8601 UTC; null = never */
	note(boardId: string, userId: string, now = new Date()): Promise<string | null> {
		const pausedSince = new Date(now.getTime() - VISIT_PAUSE_MS).toISOString();
		return noteVisit(this.#db, { boardId, userId, at: now.toISOString(), pausedSince });
	}
}
