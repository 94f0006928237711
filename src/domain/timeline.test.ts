import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
	BUCKETS_MAX,
	nextStart,
	partTime,
	previousStart,
	startOfUnit,
	TIMELINE_UNITS,
	unitBetween
} from './timeline.ts';

const AT = '2026-05-19T20:34:56.789Z'; // the 20th in China, a Wednesday

test.each([
	['minute', '2026-05-19T20:34:00.000Z', '2026-05-19T20:35:00.000Z'],
	['hour', '2026-05-19T20:00:00.000Z', '2026-05-19T21:00:00.000Z'],
	['day', '2026-05-19T16:00:00.000Z', '2026-05-20T16:00:00.000Z'],
	['week', '2026-05-17T16:00:00.000Z', '2026-05-24T16:00:00.000Z'],
	['month', '2026-04-30T16:00:00.000Z', '2026-05-31T16:00:00.000Z'],
	['year', '2025-12-31T16:00:00.000Z', '2026-12-31T16:00:00.000Z']
] as const)('a %s begins and ends by the calendar in China', (unit, start, next) => {
	expect(startOfUnit(AT, unit)).toBe(start);
	expect(nextStart(AT, unit)).toBe(next);
	expect(previousStart(next, unit)).toBe(start);
	expect(startOfUnit(start, unit)).toBe(start);
});

const moment = fc
	.date({ min: new Date('2000-01-01'), max: new Date('2099-01-01'), noInvalidDate: true })
	.map((date) => date.toISOString());

test('between any two moments there are few enough parts, in order, without a gap', () => {
	fc.assert(
		fc.property(moment, moment, (a, b) => {
			const [from = '', to = ''] = [a, b].sort();
			const parts = partTime(from, to, unitBetween(from, to));
			expect(parts.length).toBeLessThanOrEqual(BUCKETS_MAX + 1);
			expect(parts).toEqual([...parts].sort());
			expect([parts[0], parts.at(-1)]).toEqual([from, to]);
		}),
		// most months are shorter than the longest
		{ examples: [['2000-01-01T00:00:00.000Z', '2012-06-30T16:00:00.001Z']] }
	);
});

test('steps to and fro lead past no beginning', () => {
	fc.assert(
		fc.property(moment, fc.constantFrom(...TIMELINE_UNITS), (at, unit) => {
			const next = nextStart(at, unit);
			expect(next > at).toBe(true);
			expect(previousStart(next, unit)).toBe(startOfUnit(at, unit));
		})
	);
});
