/** A moment, and the day of it in China: documents have dates, changes have moments. */
export interface Bound {
	/** ISO 8601 UTC. */
	at: string;
	/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
	date: string;
}

/** Where a row stands on either clock. */
export interface Place {
	dated: string;
	seq: number;
	index: number;
}

export interface ChangeQuery {
	projects?: readonly string[] | undefined;
	actors?: readonly string[] | undefined;
	field?: string | undefined;
	kinds?: readonly string[] | undefined;
	/** On the clock of the order; inclusive and exclusive. */
	since?: Bound | undefined;
	until?: Bound | undefined;
	/** Entries among which all lie that `since` and `until` leave, where that is known: after the first, up to the second. */
	entries?: { above: number; upTo: number } | undefined;
	/** The last row of the page before. */
	after?: Place | undefined;
	/** By the number of the entry, or by the date a row speaks of. */
	order: 'entered' | 'dated';
	limit: number;
}
