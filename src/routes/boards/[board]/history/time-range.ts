import { dayInChina } from '#domain/dates.ts';
import type { HistoryFilter } from './history-filter.ts';

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day so many days after another, `YYYY-MM-DD`; any other text as it is. */
export function dayAfter(day: string, days: number): string {
	if (!DAY.test(day)) return day;
	return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** A time range as people say it, both days in it; the filter's end lies behind its last day. */
export interface DayRange {
	from: string;
	to: string;
}

export function rangeOf({ since, until }: Pick<HistoryFilter, 'since' | 'until'>): DayRange {
	return { from: since ?? '', to: until === null ? '' : dayAfter(until, -1) };
}

export function boundsOf({ from, to }: DayRange): Pick<HistoryFilter, 'since' | 'until'> {
	return { since: from || null, until: to === '' ? null : dayAfter(to, 1) };
}

/** The last so many days up to now, today in China among them. */
export function lastDays(count: number, now: Date): DayRange {
	return { from: dayAfter(dayInChina(now.toISOString()), 1 - count), to: '' };
}

/** The year that it is in China. */
export function thisYear(now: Date): DayRange {
	return { from: `${dayInChina(now.toISOString()).slice(0, 'YYYY'.length)}-01-01`, to: '' };
}
