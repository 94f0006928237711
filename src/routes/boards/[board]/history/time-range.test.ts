import { expect, test } from 'vitest';
import { boundsOf, dayAfter, lastDays, rangeOf, thisYear } from './time-range.ts';

test('the last day is in a range, the end of the filter behind it', () => {
	expect(boundsOf({ from: '2026-05-01', to: '2026-05-31' })).toEqual({
		since: '2026-05-01',
		until: '2026-06-01'
	});
	expect(rangeOf({ since: '2026-05-01', until: '2026-06-01' })).toEqual({
		from: '2026-05-01',
		to: '2026-05-31'
	});
	expect(boundsOf({ from: '', to: '' })).toEqual({ since: null, until: null });
});

test('years and months of an address stay as they are', () => {
	expect(rangeOf({ since: '2026', until: '2027' })).toEqual({ from: '2026', to: '2027' });
});

test('days pass over months and leap days', () => {
	expect(dayAfter('2024-02-28', 1)).toBe('2024-02-29');
	expect(dayAfter('2026-01-01', -1)).toBe('2025-12-31');
});

test('today is today in China', () => {
	const evening = new Date('2026-12-31T16:30:00Z');
	expect(lastDays(1, evening)).toEqual({ from: '2027-01-01', to: '' });
	expect(lastDays(7, evening)).toEqual({ from: '2026-12-26', to: '' });
	expect(thisYear(evening)).toEqual({ from: '2027-01-01', to: '' });
});
