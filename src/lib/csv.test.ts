import { expect, test } from 'vitest';
import { csvOf } from './csv.ts';

test('a table is one line a row, with the mark by which spreadsheets know UTF-8', () => {
	expect(
		csvOf([
			['项目', '原为'],
			['铁路', '12']
		])
	).toBe('\ufeff项目,原为\r\n铁路,12\r\n');
});

test('commas, quotes and line breaks stay in their cell', () => {
	expect(csvOf([['a,b', 'say "hi"', 'one\ntwo']])).toBe('\ufeff"a,b","say ""hi""","one\ntwo"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('%j is no formula', (value) => {
	expect(csvOf([[value]]).replaceAll('"', '')).toBe(`\ufeff'${value}\r\n`);
});
