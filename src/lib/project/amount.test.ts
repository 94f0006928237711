import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { AMOUNT_MAX_YUAN } from '#domain/limits.ts';
import { amountToType, parseAmount } from './amount.ts';

describe('a typed amount', () => {
	test.each([
		['12.34', 1_234_000_000],
		['0.07', 7_000_000],
		['１２．５', 1_250_000_000],
		['1,234', 123_400_000_000],
		['8500万元', 85_000_000],
		['85 万', 850_000],
		['1234567 元', 1_234_567],
		['3亿', 300_000_000],
		['.5', 50_000_000],
		['0', 0],
		['-0', 0],
		['  ', null],
		['10000000', AMOUNT_MAX_YUAN]
	])('%j is %j yuan', (text, yuan) => {
		expect(parseAmount(text)).toBe(yuan);
	});
	test.each([
		['约3亿', 'not-a-number'],
		['3 USD', 'not-a-number'],
		['1.2.3', 'not-a-number'],
		['.', 'not-a-number'],
		['constructor', 'not-a-number'],
		['1e5', 'not-a-number'],
		['-3', 'negative'],
		['0.000000001', 'part-of-a-yuan'],
		['1.5元', 'part-of-a-yuan'],
		['10000000.00000001', 'too-large']
	])('%j is refused: %s', (text, problem) => {
		expect(parseAmount(text)).toBe(problem);
	});
	test('shown again and left as it is, stays the same to the yuan', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: AMOUNT_MAX_YUAN }), (yuan) => {
				expect(parseAmount(amountToType(yuan))).toBe(yuan);
			})
		);
		expect(amountToType(1_234_000_000)).toBe('12.34');
		expect(amountToType(null)).toBe('');
	});
});
