/** Moments people compare with: their last visit, before the last working session, today, a week, the month, the beginning. */
export const STARTING_POINTS = ['visit', 'session', 'today', 'week', 'month', 'beginning'] as const;

/** A moment of a board worth comparing with. */
export interface StartingPoint {
	kind: (typeof STARTING_POINTS)[number];
	/** Number of an entry, or an ISO 8601 time. */
	from: string;
	/** The moment itself, ISO 8601 UTC. */
	at: string;
}
