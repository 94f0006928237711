import { expect, test } from 'vitest';
import { continuesSitting, writtenAgain } from './sitting.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 4, 19) + seconds * 1_000).toISOString();

test.each([
	['the first notes somebody writes begin one', undefined, undefined, false],
	['five minutes of thinking are within one', at(-300), undefined, true],
	['a longer pause ends it', at(-301), undefined, false],
	['somebody else’s earlier notes do not', at(-60), at(-90), true],
	['two who take turns by the key keep one each', at(-20), at(-1), true],
	['with somebody else in between a short pause ends it', at(-21), at(-1), false],
	['a clock set back does not', at(60), undefined, true]
])('%s', (_, own, others, expected) => {
	expect(continuesSitting(at(0), own, others)).toBe(expected);
});

test('what is written again is later than it was, whatever the clock says', () => {
	expect(writtenAgain(at(1), at(2))).toBe(at(2));
	expect(writtenAgain(at(2), at(2))).toBe('2026-05-19T00:00:02.001Z');
	expect(writtenAgain(at(2), at(1))).toBe('2026-05-19T00:00:02.001Z');
});
