import { expect, test } from 'vitest';
import { datedCode, documentDateOf } from './change-clock.ts';

const IN_ORDER = [
	'0000',
	'0000-01-01',
	'1969-12-31',
	'1969-12-31T23:59:59.999Z',
	'1970',
	'1970-01',
	'1970-01-01',
	'1970-01-01T00:00:00.000Z',
	'1970-01-01T00:00:00.001Z',
	'2014',
	'2014-02-28T23:59:59.999Z',
	'2014-03',
	'2014-03-01',
	'2014-03-01T00:00:00.000Z',
	'9999-12-31',
	'9999-12-31T23:59:59.999Z'
];

test('dated codes stand in the order of the texts, and no date has 0', () => {
	const codes = IN_ORDER.map(datedCode);
	expect(codes).toEqual(codes.toSorted((a, b) => a - b));
	expect(new Set(codes).size).toBe(codes.length);
	expect(IN_ORDER.filter((text) => !text.includes('T')).map(datedCode)).not.toContain(0);
	expect(codes.every(Number.isSafeInteger)).toBe(true);
});

test('a document’s date comes back as exact as it was', () => {
	const dates = IN_ORDER.filter((text) => !text.includes('T'));
	expect(dates.map((date) => documentDateOf(datedCode(date)))).toEqual(dates);
	expect(documentDateOf(0)).toBeNull();
});
