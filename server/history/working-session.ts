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
	return Date.parse(later.at) - Date.parse(earlier.at) <= PAUSE_MS;
}
