import { nextStart, previousStart, type Timeline } from '#domain/timeline.ts';

/** What a step leads over: one entry, or a span of the calendar. */
export const STEP_SIZES = ['change', 'hour', 'day', 'week', 'month'] as const;
export type StepSize = (typeof STEP_SIZES)[number];
/** One step on, or one back. */
export type Direction = 1 | -1;

/** Where on the journal's clock a board is looked at. */
export interface Position {
	/** ISO 8601 UTC. */
	at: string;
	/** The last entry it held. */
	seq: number;
}
/** Where a step leads: a moment as an address names it, or now; undefined = there is nothing further. */
export type Target = { at: string } | 'now' | undefined;

/**
 * Where a step leads. Spans in which nothing happened are passed over, so that every step shows something.
 */
export function stepFrom(
	timeline: Timeline,
	position: Position,
	{ size, direction }: { size: StepSize; direction: Direction }
): Target {
	if (size === 'change') return entryBeside(timeline, position.seq + direction);
	return direction === 1 ? onFrom(timeline, position, size) : backFrom(timeline, position, size);
}

/** Where several steps lead; fewer, where there are no more. */
export function stepsFrom(
	timeline: Timeline,
	position: Position,
	{ size, direction, times }: { size: StepSize; direction: Direction; times: number }
): Target {
	if (size === 'change') {
		const seq = position.seq + direction * times;
		return direction === -1 && seq < 1 ? firstOf(timeline, position) : entryBeside(timeline, seq);
	}
	let [reached, target]: [Position, Target] = [position, undefined];
	for (let count = 0; count < times; count++) {
		const next = stepFrom(timeline, reached, { size, direction });
		if (next === undefined || next === 'now') return next ?? target;
		target = next;
		reached = { at: next.at, seq: seqBy(timeline, next.at) };
	}
	return target;
}

const firstOf = ({ from }: Timeline, { seq }: Position): Target => (seq > 1 ? { at: from } : undefined);

/** The last entry that is known to have come by a moment. */
function seqBy({ buckets }: Timeline, at: string): number {
	return buckets.findLast(({ end }) => end <= at)?.seq ?? 1;
}

function entryBeside(timeline: Timeline, seq: number): Target {
	if (seq < 1) return undefined;
	return seq < timeline.seq ? { at: String(seq) } : 'now';
}

function onFrom({ buckets, to }: Timeline, { at, seq }: Position, unit: Exclude<StepSize, 'change'>): Target {
	const next = buckets.find((bucket) => bucket.seq > seq);
	if (!next) return 'now';
	const moment = laterOf(nextStart(at, unit), nextStart(next.start, unit));
	return moment < to ? { at: moment } : 'now';
}

function backFrom(
	{ buckets, from }: Timeline,
	{ at, seq }: Position,
	unit: Exclude<StepSize, 'change'>
): Target {
	if (at <= from) return undefined;
	const holding = buckets.find((bucket) => bucket.seq >= seq);
	const moment = previousStart(holding && holding.end < at ? holding.end : at, unit);
	return { at: laterOf(moment, from) };
}

const laterOf = (a: string, b: string) => (a > b ? a : b);

/** The step that fits how long a board's history is. */
export function usualStep({ unit }: Timeline): StepSize {
	if (unit === 'minute') return 'change';
	return unit === 'year' ? 'month' : unit;
}

/** The moment a point of the axis stands for: the end of the span it lies in, so that all of that span is shown. */
export function momentAt({ buckets, to }: Timeline, ms: number): { at: string; seq: number } | 'now' {
	const bucket = buckets.find(({ end }) => Date.parse(end) > ms);
	return !bucket || bucket.end >= to ? 'now' : { at: bucket.end, seq: bucket.seq };
}

/** The date beside another in an ascending list: the next one, or the one before; undefined = none. */
export function dateBeside(
	dates: readonly string[],
	date: string | undefined,
	direction: Direction
): string | undefined {
	if (date === undefined) return direction === 1 ? undefined : dates.at(-1);
	return direction === 1 ? dates.find((other) => other > date) : dates.findLast((other) => other < date);
}
