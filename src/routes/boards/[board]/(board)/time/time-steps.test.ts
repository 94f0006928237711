import { describe, expect, test } from 'vitest';
import type { Timeline } from '#domain/timeline.ts';
import {
	dateBeside,
	momentAt,
	stepFrom,
	type StepSize,
	stepsFrom,
	type Target,
	usualStep
} from './time-steps.ts';

/** Midnight in China, a day of May 2026. */
const day = (date: number) => new Date(Date.UTC(2026, 4, date) - 8 * 3_600_000).toISOString();
const bucket = (date: number, edits: number, seq: number) => ({
	start: day(date),
	end: day(date + 1),
	edits,
	seq
});
/** Five days: 10 entries on the 4th, none on the 5th and 6th, 5 on the 7th, 1 on the 8th, which is a Friday. */
const TIMELINE: Timeline = {
	from: day(4),
	to: day(9),
	seq: 16,
	unit: 'day',
	buckets: [bucket(4, 10, 10), bucket(5, 0, 10), bucket(6, 0, 10), bucket(7, 5, 15), bucket(8, 1, 16)]
};
const from = (at: string, seq: number, size: StepSize, direction: 1 | -1) =>
	stepFrom(TIMELINE, { at, seq }, { size, direction });

const many = (at: string, seq: number, size: StepSize, direction: 1 | -1) =>
	stepsFrom(TIMELINE, { at, seq }, { size, direction, times: 10 });

describe('a step', () => {
	test.each<[string, Target, Target]>([
		['over a change', from(day(5), 10, 'change', 1), { at: '11' }],
		['over the last change leads to now', from(day(8), 15, 'change', 1), 'now'],
		['back over a change', from(day(5), 10, 'change', -1), { at: '9' }],
		['before the first there is none', from(day(4), 1, 'change', -1), undefined],
		['over a day', from(day(7), 12, 'day', 1), { at: day(8) }],
		['passes over days without changes', from(day(5), 10, 'day', 1), { at: day(8) }],
		['back passes over them too', from(day(7), 10, 'day', -1), { at: day(4) }],
		[
			'over an hour goes to the next day something happened on',
			from(day(5), 10, 'hour', 1),
			{ at: new Date(Date.parse(day(7)) + 3_600_000).toISOString() }
		],
		['over a week from Thursday leads to now', from(day(7), 12, 'week', 1), 'now'],
		['back over a week stays on the board’s time', from(day(7), 12, 'week', -1), { at: day(4) }],
		['back from the first moment there is none', from(day(4), 1, 'day', -1), undefined]
	])('%s', (_name, target, expected) => {
		expect(target).toEqual(expected);
	});

	test.each(['change', 'hour', 'day', 'week', 'month'] as const)(
		'of a %s ends at now, and at the beginning',
		(size) => {
			const seqAt = (at: string) =>
				Number(at) || (TIMELINE.buckets.findLast(({ end }) => end <= at)?.seq ?? 1);
			for (const direction of [1, -1] as const) {
				let position = direction === 1 ? { at: day(4), seq: 1 } : { at: day(9), seq: 16 };
				let target = { at: position.at } as Target;
				for (let count = 0; count < 200 && target !== undefined && target !== 'now'; count++) {
					target = stepFrom(TIMELINE, position, { size, direction });
					if (typeof target !== 'object') break;
					const isEntry = !target.at.includes('T');
					const next = { at: isEntry ? position.at : target.at, seq: seqAt(target.at) };
					expect(next).not.toEqual(position);
					position = next;
				}
				expect(target).toBe(direction === 1 ? 'now' : undefined);
			}
		}
	);
});

test.each<[string, Target, Target]>([
	['over ten changes', many(day(5), 4, 'change', 1), { at: '14' }],
	['over more changes than there are', many(day(5), 10, 'change', 1), 'now'],
	['back over more changes than there are', many(day(5), 10, 'change', -1), { at: day(4) }],
	[
		'over ten hours',
		many(day(7), 12, 'hour', 1),
		{ at: new Date(Date.parse(day(7)) + 36_000_000).toISOString() }
	],
	['back over more days than there are', many(day(9), 16, 'day', -1), { at: day(4) }],
	['back from the beginning', many(day(4), 1, 'day', -1), undefined]
])('several steps at once lead %s', (_name, target, expected) => {
	expect(target).toEqual(expected);
});

test('a point of the axis stands for the end of its span, the last one for now', () => {
	expect(momentAt(TIMELINE, Date.parse(day(5)) + 1)).toEqual({ at: day(6), seq: 10 });
	expect(momentAt(TIMELINE, Date.parse(day(4)))).toEqual({ at: day(5), seq: 10 });
	expect(momentAt(TIMELINE, Date.parse(day(8)) + 1)).toBe('now');
	expect(momentAt(TIMELINE, Date.parse(day(9)))).toBe('now');
});

test('the usual step fits the history', () => {
	expect(usualStep({ ...TIMELINE, unit: 'minute' })).toBe('change');
	expect(usualStep(TIMELINE)).toBe('day');
	expect(usualStep({ ...TIMELINE, unit: 'year' })).toBe('month');
});

test('from document to document', () => {
	const dates = ['2011-03-21', '2014-05', '2020'];
	expect(dateBeside(dates, undefined, -1)).toBe('2020');
	expect(dateBeside(dates, undefined, 1)).toBeUndefined();
	expect(dateBeside(dates, '2014-05', 1)).toBe('2020');
	expect(dateBeside(dates, '2014-05', -1)).toBe('2011-03-21');
	expect(dateBeside(dates, '2011-03-21', -1)).toBeUndefined();
	expect(dateBeside(dates, '2017-01-01', 1)).toBe('2020');
});
