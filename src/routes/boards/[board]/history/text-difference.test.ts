import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Piece, textDifference, withContext } from './text-difference.ts';

const reads = (pieces: readonly Piece[], without: Piece['kind']) =>
	pieces
		.filter(({ kind }) => kind !== without)
		.map(({ text }) => text)
		.join('');

test('Chinese words, not characters or whole lines', () => {
	expect(textDifference('工程计划二〇二六年开工', '工程计划二〇二七年开工')).not.toContainEqual(
		expect.objectContaining({ kind: 'removed', text: '工程计划二〇二六年开工' })
	);
	expect(textDifference('资金已经落实', '资金尚未落实')).toEqual([
		{ kind: 'same', text: '资金' },
		{ kind: 'removed', text: '已经' },
		{ kind: 'added', text: '尚未' },
		{ kind: 'same', text: '落实' }
	]);
});

test.each([
	['', '新', [{ kind: 'added', text: '新' }]],
	['旧', '', [{ kind: 'removed', text: '旧' }]],
	['一样', '一样', [{ kind: 'same', text: '一样' }]],
	['', '', []]
])('%s → %s', (before, after, expected) => {
	expect(textDifference(before, after)).toEqual(expected);
});

const text = fc.oneof(
	fc.string({ unit: 'grapheme' }),
	fc
		.array(fc.constantFrom('资金', '落实', 'a ', 'b', '\n', '，', '𠮷'), { maxLength: 40 })
		.map((all) => all.join(''))
);

test('it holds both texts, and no two neighbours are of one kind', () => {
	fc.assert(
		fc.property(text, text, (before, after) => {
			const pieces = textDifference(before, after);
			expect(reads(pieces, 'added')).toBe(before);
			expect(reads(pieces, 'removed')).toBe(after);
			for (const [index, { kind }] of pieces.entries()) expect(pieces[index + 1]?.kind).not.toBe(kind);
		})
	);
});

test('texts too long to compare word by word are told as replaced between what they share at both ends', () => {
	const long = (word: string) => `头${`${word} `.repeat(3_000)}尾`;
	const pieces = textDifference(long('a'), long('b'));
	expect(reads(pieces, 'added')).toBe(long('a'));
	expect(reads(pieces, 'removed')).toBe(long('b'));
	expect(pieces.length).toBeLessThan(6);
});

describe('context', () => {
	const long = '一'.repeat(50);
	test('keeps what stands beside a change and cuts the rest visibly', () => {
		const pieces = withContext(textDifference(`${long}旧${long}`, `${long}新${long}`), 5);
		expect(pieces.map(({ text: piece }) => piece)).toEqual(['…一一一一一', '旧', '新', '一一一一一…']);
	});
	test('leaves short stretches and unchanged texts whole', () => {
		expect(withContext([{ kind: 'same', text: long }], 5)).toEqual([{ kind: 'same', text: long }]);
		const short = textDifference('甲乙旧丙丁', '甲乙新丙丁');
		expect(withContext(short, 20)).toEqual(short);
	});
	test('cuts no character in two', () => {
		const pieces = withContext(
			[
				{ kind: 'same', text: '𠮷'.repeat(30) },
				{ kind: 'added', text: '新' }
			],
			5
		);
		expect(pieces[0]!.text.isWellFormed()).toBe(true);
	});
});
