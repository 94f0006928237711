/** Numbers for each millisecond: a document's year, month and day that begin with it, and the moment itself. */
const EXACTNESS = 4;
const DATE_LENGTHS = ['YYYY'.length, 'YYYY-MM'.length, 'YYYY-MM-DD'.length];

/**
 * A document's date or a moment as a number, its dated code: in the order of their texts, a year before its months, a
 * month before its days, a day before its moments.
 * @param text `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or an ISO 8601 time with its zone
 */
export function datedCode(text: string): number {
	const rank = DATE_LENGTHS.indexOf(text.length) + 1;
	if (rank === 0) return (Date.parse(text) + 1) * EXACTNESS;
	return Date.parse(`${text}-01-01`.slice(0, 'YYYY-MM-DD'.length)) * EXACTNESS + rank;
}

/** The document's date of a dated code; null of 0, which is none's. */
export function documentDateOf(code: number): string | null {
	if (code === 0) return null;
	const rank = ((code % EXACTNESS) + EXACTNESS) % EXACTNESS;
	return new Date((code - rank) / EXACTNESS).toISOString().slice(0, DATE_LENGTHS[rank - 1]);
}
