import { expect, test } from 'vitest';
import { extentTexts, findingText, type Proof } from './proof-words.ts';

const sound: Proof = {
	ok: true,
	entries: 40,
	firstBadSeq: null,
	cause: null,
	causeSeq: null,
	lost: [],
	at: '2026-05-19T01:00:00.000Z',
	root: { name: '2026-05-19.json', day: '2026-05-19', seq: 40 },
	missedRoot: null,
	badRoots: []
};
const lost: Proof = {
	...sound,
	ok: false,
	entries: 31,
	firstBadSeq: 1,
	cause: 'lost',
	causeSeq: 1,
	at: null,
	root: null,
	lost: [
		{ fromSeq: 1, toSeq: 8, afterAt: null, beforeAt: '2026-05-01T01:30:00.000Z' },
		{
			fromSeq: 20,
			toSeq: 20,
			afterAt: '2026-05-02T01:30:00.000Z',
			beforeAt: '2026-05-02T02:30:00.000Z'
		}
	]
};

test('what is lost is named entry by entry and by the times around it, and nothing before it is called sound', () => {
	expect(findingText(lost)).toBe('有 9 条记录缺失或已损坏');
	const texts = extentTexts(lost).join('\n');
	expect(texts).toMatch(/第 1 至 8 条记录：.*2026年5月1日 09:30 之前录入的改动，已无法校验/);
	expect(texts).toMatch(/第 20 条记录：.*2026年5月2日 09:30 至 .*2026年5月2日 10:30 之间录入的改动/);
	expect(texts).toContain('缺失部分之后的记录次序连贯');
	expect(texts).not.toContain('都是写入时的样子');
});

test('a record without loss says up to where it is sound', () => {
	const texts = extentTexts(sound).join('\n');
	expect(texts).toContain('到第 40 条');
	expect(texts).not.toContain('缺失');
});
