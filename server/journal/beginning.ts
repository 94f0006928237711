import { SYSTEM_ACTOR } from '#domain/change.ts';
import { type Entry, entryAfter } from './entry.ts';
import type { Head } from './stored-board.ts';

/** Stands where other entries name their session: no session is ever called so. */
const BEGINNING = 'beginning';

/**
 * Whether an entry begins an epoch: what it holds stands in the place of all before it instead of adding to it. Its
 * content is that of the entry before, so that nothing changed with it.
 */
export function isBeginning({ actorId, sessionId }: Pick<Entry, 'actorId' | 'sessionId'>): boolean {
	return actorId === SYSTEM_ACTOR && sessionId === BEGINNING;
}

/** The entry that begins the next epoch of a board after the end of its journal. */
export function beginningAfter(head: Head, begin: { boardId: string; state: Uint8Array; at: string }): Entry {
	return entryAfter(head, {
		boardId: begin.boardId,
		epoch: head.epoch + 1,
		actorId: SYSTEM_ACTOR,
		sessionId: BEGINNING,
		receivedAt: begin.at,
		update: begin.state
	});
}
