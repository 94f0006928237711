import { type RecordedChange, SYSTEM_ACTOR } from '#domain/change.ts';
import { ABOUT_NOTHING } from './recorded-change.ts';

/** Changes with no longer pause between them belong to one working session. */
const PAUSE_MS = 60 * 60_000;

/** An entry and when it came. */
export interface EntryTime {
	seq: number;
	at: string;
}

/**
 * Whether an entry belongs to the working session that the one after it belongs to.
 * Clocks are set back: what came later by its number is never of an earlier session.
 */
export function isSameSession(earlier: EntryTime, later: EntryTime): boolean {
	return !isOver(earlier, later.at);
}

/** Whether a session whose last entry this is has ended by a moment (ISO 8601). */
export function isOver({ at }: EntryTime, now: string): boolean {
	return Date.parse(now) - Date.parse(at) > PAUSE_MS;
}

/** An entry, and whose it is. */
export type PersonsEntry = EntryTime & { actorId: string };

/** People at work on a board, all of them together: what the program writes is no work of theirs. */
export interface WorkingSession {
	begun: PersonsEntry;
	last: PersonsEntry;
	/** How many entries they made. */
	entries: number;
	people: ReadonlySet<string>;
}

/**
 * Takes an entry into a board's working sessions.
 * @param session the one before it; undefined = there was none
 * @param entry with the number of its other rows, behind which its row stands
 * @returns the session it belongs to, and the rows that tell of the one that ended and of the one that begins
 */
export function continueSession(
	session: WorkingSession | undefined,
	{ rows: index, ...entry }: PersonsEntry & { rows: number }
): { session: WorkingSession | undefined; rows: RecordedChange[] } {
	if (entry.actorId === SYSTEM_ACTOR) return { session, rows: [] };
	if (session && isSameSession(session.last, entry)) return { session: extended(session, entry), rows: [] };
	const fresh = { begun: entry, last: entry, entries: 1, people: new Set([entry.actorId]) };
	const begun: RecordedChange = { ...ABOUT_NOTHING, ...entry, kind: 'session-begun', index };
	return { session: fresh, rows: session ? [endOf(session), begun] : [begun] };
}

function extended(session: WorkingSession, last: PersonsEntry): WorkingSession {
	const isKnown = session.people.has(last.actorId);
	const people = isKnown ? session.people : new Set([...session.people, last.actorId]);
	return { ...session, last, entries: session.entries + 1, people };
}

/** The row that tells of a session's end: behind its last entry, in front of whatever was done afterwards. */
export function endOf({ begun, last, entries, people }: WorkingSession): RecordedChange {
	const after = { begunSeq: begun.seq, begunAt: begun.at, entries, people: [...people].sort() };
	return { ...ABOUT_NOTHING, ...last, kind: 'session-ended', index: SESSION_END_INDEX, after };
}

/** What was done after a session's last entry stands below this. */
export const SESSION_END_INDEX = -1;
