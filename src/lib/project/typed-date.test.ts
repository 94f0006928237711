import { expect, test } from 'vitest';
import { parseTypedDate } from './typed-date.ts';

test.each([
	['2026-5-19', '2026-05-19'],
	['2026/05', '2026-05'],
	['2026年5月', '2026-05'],
	['２０２６年５月１９日', '2026-05-19'],
	['2026 年', '2026'],
	['2014', '2014'],
	['', null],
	['2023-02-29', undefined],
	['2026-13', undefined],
	['去年', undefined],
	['26-05', undefined]
])('%j means %j', (text, date) => {
	expect(parseTypedDate(text)).toBe(date);
});
