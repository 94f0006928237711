import { isRefusal } from '#domain/refusal.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { DamagedStretch } from '#server/journal/damaged-stretch.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { ChangeQuery } from './change-query.ts';
import { findSessionStart } from './session.repository.ts';

/** Clocks are set back, but by less than this. */
const SET_BACK_MS = 3_600_000;

/**
 * Entries among which all changes of a time lie, so that a long history need not be searched through for a day of it. The
 * row of notes stands where a sitting began, and tells when it ended: it may have begun as early as the working session.
 * @returns undefined if that cannot be told
 */
export async function entriesBetween(
	{ db, journal }: { db: DatabaseHandle; journal: Journal },
	boardId: string,
	{ since, until }: Pick<ChangeQuery, 'since' | 'until'>
): Promise<ChangeQuery['entries']> {
	if (!since && !until) return undefined;
	const lastBy = (at: string, ms: number) =>
		journal.seqAt(boardId, new Date(Date.parse(at) + ms).toISOString());
	try {
		const before = since ? await lastBy(since.at, -SET_BACK_MS) : 0;
		const { seq: head } = await journal.head(boardId);
		const last = until ? await lastBy(until.at, SET_BACK_MS) : head;
		const begun = await findSessionStart(db, boardId, before);
		return {
			above: Math.max(0, Math.min(before, begun - 1)),
			upTo: last < head ? last : Infinity
		};
	} catch (error) {
		// what there is of the history is searched through
		if (error instanceof DamagedStretch || isRefusal(error)) return undefined;
		throw error;
	}
}
