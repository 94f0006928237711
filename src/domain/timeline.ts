import { CHINA_OFFSET_MS } from './dates.ts';

/** Spans of the calendar that changes are counted by, the shortest first. */
export const TIMELINE_UNITS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimelineUnit = (typeof TIMELINE_UNITS)[number];

/** What was entered in one span of time. */
export interface TimelineBucket {
	/** Its first moment and the first one behind it, ISO 8601 UTC; the last one ends at `to`. */
	start: string;
	end: string;
	/** Journal entries that came in it. */
	edits: number;
	/** The last entry the board held at its end. */
	seq: number;
}
/** When a board was changed how much, from its first entry to now. */
export interface Timeline {
	from: string;
	to: string;
	/** The last entry there is. */
	seq: number;
	unit: TimelineUnit;
	buckets: TimelineBucket[];
}

/** Bars that can still be told apart on a screen; also what bounds the work of counting. */
export const BUCKETS_MAX = 150;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 1 January 1970 was a Thursday; weeks begin on Mondays. */
const THURSDAY = 3;

/** A moment as a date whose UTC parts are those of China. */
const inChina = (at: string) => new Date(Date.parse(at) + CHINA_OFFSET_MS);
const fromChina = (date: Date | number) => new Date(Number(date) - CHINA_OFFSET_MS).toISOString();

/** The moment the calendar's unit that holds `at` begins in China. */
export function startOfUnit(at: string, unit: TimelineUnit): string {
	const date = inChina(at);
	const ms = date.getTime();
	switch (unit) {
		case 'minute':
			return fromChina(ms - (ms % MINUTE_MS));
		case 'hour':
			return fromChina(ms - (ms % HOUR_MS));
		case 'day':
			return fromChina(ms - (ms % DAY_MS));
		case 'week': {
			const day = Math.floor(ms / DAY_MS);
			return fromChina((day - ((day + THURSDAY) % 7)) * DAY_MS);
		}
		case 'month':
			return fromChina(Date.UTC(date.getUTCFullYear(), date.getUTCMonth()));
		case 'year':
			return fromChina(Date.UTC(date.getUTCFullYear(), 0));
		default:
			return unit satisfies never;
	}
}

/** How long a unit may last; the next one begins within so much of a unit's beginning. */
const LONGEST_MS: Record<TimelineUnit, number> = {
	minute: MINUTE_MS,
	hour: HOUR_MS,
	day: DAY_MS,
	week: 7 * DAY_MS,
	month: 31 * DAY_MS,
	year: 366 * DAY_MS
};

/** The first beginning of a unit after a moment. */
export function nextStart(at: string, unit: TimelineUnit): string {
	const start = startOfUnit(at, unit);
	return startOfUnit(new Date(Date.parse(start) + LONGEST_MS[unit]).toISOString(), unit);
}

/** The last beginning of a unit before a moment. */
export function previousStart(at: string, unit: TimelineUnit): string {
	return startOfUnit(new Date(Date.parse(at) - 1).toISOString(), unit);
}

/** How short a unit may be: so many of it fit into a span, and one more that is cut off at either end. */
const SHORTEST_MS: Record<TimelineUnit, number> = { ...LONGEST_MS, month: 28 * DAY_MS, year: 365 * DAY_MS };

/** The shortest unit of which few enough lie between two moments. */
export function unitBetween(from: string, to: string): TimelineUnit {
	const spanMs = Date.parse(to) - Date.parse(from);
	return TIMELINE_UNITS.find((unit) => spanMs / SHORTEST_MS[unit] <= BUCKETS_MAX - 2) ?? 'year';
}

/** The moments that part the time between two others into units; the two are the first and the last. */
export function partTime(from: string, to: string, unit: TimelineUnit): string[] {
	const moments = [from];
	for (let at = nextStart(from, unit); at < to; at = nextStart(at, unit)) moments.push(at);
	return [...moments, to];
}

/**
 * The spans between moments with what came in each.
 * @param seqs for each span the last entry the board held at its end
 */
export function bucketsOf(moments: readonly string[], seqs: readonly number[]): TimelineBucket[] {
	return seqs.map((seq, index) => ({
		start: moments[index]!,
		end: moments[index + 1]!,
		// should a clock have been set back, a later span may end with an earlier entry
		edits: Math.max(0, seq - (seqs[index - 1] ?? 0)),
		seq
	}));
}
