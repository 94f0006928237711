import type { DatabaseHandle } from '#server/database/database.ts';
import { noteVisit } from './visit.repository.ts';

/** Who comes back within this time is still on the same visit. */
const VISIT_PAUSE_MS = 30 * 60_000;

/** Who was noted so short a time ago is not noted again: every page of a board asks. */
const NOTED_FOR_MS = 60_000;
const NOTED_MAX = 10_000;

/** When people were last on their boards, so that each can be told what has happened since. */
export class VisitService {
	readonly #db: DatabaseHandle;
	readonly #noted = new Map<string, { atMs: number; before: Promise<string | null> }>();
	constructor(db: DatabaseHandle) {
		this.#db = db;
	}

	/** Notes that somebody is on a board. @returns when their visit before this one ended, ISO 8601 UTC; null = never */
	note(boardId: string, userId: string, now = new Date()): Promise<string | null> {
		const key = `${boardId}/${userId}`;
		const known = this.#noted.get(key);
		if (known && Math.abs(now.getTime() - known.atMs) < NOTED_FOR_MS) return known.before;
		const pausedSince = new Date(now.getTime() - VISIT_PAUSE_MS).toISOString();
		const before = noteVisit(this.#db, { boardId, userId, at: now.toISOString(), pausedSince });
		if (this.#noted.size >= NOTED_MAX) this.#noted.clear();
		this.#noted.set(key, { atMs: now.getTime(), before });
		before.catch(() => this.#noted.delete(key));
		return before;
	}
}
