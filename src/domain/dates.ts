const PARTIAL_DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/**
 * A date as exact as its source: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, checked against the calendar.
 */
export function isPartialDate(value: unknown): value is string {
	if (typeof value !== 'string') return false;
	const match = PARTIAL_DATE.exec(value);
	if (!match) return false;
	const month = Number(match[2] ?? 1);
	const day = Number(match[3] ?? 1);
	if (month < 1 || month > 12 || day < 1) return false;
	return day <= new Date(Date.UTC(Number(match[1]), month, 0)).getUTCDate();
}

/** Orders partial dates by their first day; the less exact of two with the same first day comes first. */
export function comparePartialDates(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** The year a partial date lies in. */
export function yearOf(date: string): number {
	return Number(date.slice(0, 4));
}

/** China keeps one time, without summer time. */
export const CHINA_OFFSET_MS = 8 * 3_600_000;

/** The day of a moment (ISO 8601) in China, `YYYY-MM-DD`. */
export function dayInChina(at: string): string {
	return new Date(Date.parse(at) + CHINA_OFFSET_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** A moment as clocks in China show it, `YYYY-MM-DD HH:MM:SS`. */
export function timeInChina(at: string): string {
	const shown = new Date(Date.parse(at) + CHINA_OFFSET_MS).toISOString();
	return shown.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).replace('T', ' ');
}

/** The moment a day, month or year begins in China, ISO 8601 UTC. */
export function startInChina(date: string): string {
	const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
	const start = new Date(0);
	start.setUTCFullYear(year, month - 1, day);
	return new Date(start.getTime() - CHINA_OFFSET_MS).toISOString();
}
