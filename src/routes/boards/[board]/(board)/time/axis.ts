import { dayInChina } from '#domain/dates.ts';
import { nextStart, type Timeline, TIMELINE_UNITS } from '#domain/timeline.ts';

/** Part of an axis that is drawn: from 0 at its beginning to 1 at its end. */
export interface AxisBar {
	key: string;
	left: number;
	width: number;
	/** Of the tallest one. */
	height: number;
	title: string;
}
export interface AxisMark {
	key: string;
	left: number;
	title: string;
}
export interface Axis {
	/** Milliseconds since 1970. */
	fromMs: number;
	toMs: number;
	bars: AxisBar[];
}

/** Where a moment lies on an axis, 0…1. */
export function shareOf({ fromMs, toMs }: Pick<Axis, 'fromMs' | 'toMs'>, ms: number): number {
	if (toMs <= fromMs) return 1;
	return Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
}

/** Much of what is entered comes at once; the root lets a day of five edits be seen beside one of five thousand. */
const heightOf = (count: number, most: number) => (most === 0 ? 0 : Math.sqrt(count / most));

/** The axis of what was entered. */
export function enteredAxis(timeline: Timeline, title: (from: string, count: number) => string): Axis {
	const span = { fromMs: Date.parse(timeline.from), toMs: Date.parse(timeline.to) };
	const most = Math.max(...timeline.buckets.map(({ edits }) => edits));
	const bars = timeline.buckets
		.filter(({ edits }) => edits > 0)
		.map(({ start, end, edits }) => {
			const left = shareOf(span, Date.parse(start));
			return {
				key: start,
				left,
				width: shareOf(span, Date.parse(end)) - left,
				height: heightOf(edits, most),
				title: title(start, edits)
			};
		});
	return { ...span, bars };
}

/** Of a document only its day is drawn, as a bar that can still be seen. */
const DOCUMENT_WIDTH = 0.008;

/** The axis of the documents' dates, from the year of the first one to today. */
export function documentAxis(
	documents: readonly { date: string; statements: number }[],
	{ now, title }: { now: string; title: (date: string, count: number) => string }
): Axis {
	const year = documents[0]?.date.slice(0, 'YYYY'.length) ?? now.slice(0, 'YYYY'.length);
	const span = { fromMs: Date.parse(year), toMs: Date.parse(dayInChina(now)) };
	const most = Math.max(...documents.map(({ statements }) => statements));
	const bars = documents.map(({ date, statements }) => ({
		key: date,
		left: shareOf(span, Date.parse(date)) - DOCUMENT_WIDTH / 2,
		width: DOCUMENT_WIDTH,
		height: heightOf(statements, most),
		title: title(date, statements)
	}));
	return { ...span, bars };
}

const HOUR_MS = 3_600_000;

/**
 * A few beginnings of the calendar to write below an axis, as moments; whether they are days or times of a day.
 * @param most how many there is room for, at least 1
 */
export function ticksOf(
	{ fromMs, toMs }: Pick<Axis, 'fromMs' | 'toMs'>,
	most: number
): { at: string; isTime: boolean }[] {
	const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
	for (const unit of TIMELINE_UNITS) {
		const found: string[] = [];
		for (let at = nextStart(from, unit); at < to && found.length <= most * 4; at = nextStart(at, unit))
			found.push(at);
		if (found.length > most * 4) continue;
		const every = Math.ceil(found.length / most);
		const isTime = (unit === 'minute' || unit === 'hour') && toMs - fromMs < 48 * HOUR_MS;
		return found.filter((_, index) => index % every === 0).map((at) => ({ at, isTime }));
	}
	return [];
}
