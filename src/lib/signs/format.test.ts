import { afterAll, expect, test } from 'vitest';
import { overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { dateText, exactMoneyText, listText, momentText, moneyText } from './format.ts';

let locale: 'zh-CN' | 'en' = 'zh-CN';
overwriteGetLocale(() => locale);
afterAll(() => overwriteGetLocale(() => 'zh-CN'));

function inBoth(text: () => string): [zh: string, en: string] {
	locale = 'zh-CN';
	const zh = text();
	locale = 'en';
	return [zh, text()];
}

test.each([
	[1_234_000_000, '12.34 亿元', 'CN¥1.23 bn'],
	[123_456_000_000, '1,234.56 亿元', 'CN¥123.46 bn'],
	[50_000_000, '0.50 亿元', 'CN¥50.00 m'],
	[850_000, '85.00 万元', 'CN¥0.85 m'],
	[0, '0.00 亿元', 'CN¥0.00 m']
])('%i yuan on a card', (yuan, zh, en) => {
	expect(inBoth(() => moneyText(yuan))).toEqual([zh, en]);
});

test('an amount to the yuan', () => {
	expect(inBoth(() => exactMoneyText(1_234_000_000))).toEqual(['1,234,000,000 元', 'CN¥1,234,000,000']);
});

test.each([
	['2026-05-19', '2026年5月19日', '19 May 2026'],
	['2014-05', '2014年5月', 'May 2014'],
	['2020', '2020年', '2020']
])('%s is as exact in words as its source', (date, zh, en) => {
	expect(inBoth(() => dateText(date))).toEqual([zh, en]);
});

test('a moment is told in China time wherever it is read', () => {
	const texts = inBoth(() => momentText('2026-05-18T18:05:09.123Z'));
	expect(texts).toEqual(['2026年5月19日 02:05', '19 May 2026, 02:05']);
});

test('names stand one after the other as each language has it', () => {
	expect(inBoth(() => listText(['李梅', '王波']))).toEqual(['李梅、王波', '李梅, 王波']);
});
