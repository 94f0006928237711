import { expect, test } from 'vitest';
import { documentAxis, enteredAxis, shareOf, ticksOf } from './axis.ts';

const title = (from: string, count: number) => `${from} ${count}`;

test('a bar stands where its time lies, and is as wide as it lasts', () => {
	const at = (hour: number) => new Date(Date.UTC(2026, 4, 19, hour)).toISOString();
	const buckets = [
		{ start: at(0), end: at(1), edits: 4, seq: 4 },
		{ start: at(1), end: at(2), edits: 0, seq: 4 },
		{ start: at(2), end: at(4), edits: 1, seq: 5 }
	];
	const axis = enteredAxis({ from: at(0), to: at(4), seq: 5, unit: 'hour', buckets }, title);
	expect(axis.bars).toEqual([
		{ key: at(0), left: 0, width: 0.25, height: 1, title: `${at(0)} 4` },
		{ key: at(2), left: 0.5, width: 0.5, height: 0.5, title: `${at(2)} 1` }
	]);
	expect(shareOf(axis, Date.parse(at(1)))).toBe(0.25);
	expect(shareOf(axis, 0)).toBe(0);
	expect(shareOf({ fromMs: 5, toMs: 5 }, 5)).toBe(1);
});

test('documents stand at their dates, however exact those are', () => {
	const documents = [
		{ date: '2011-03-21', statements: 1 },
		{ date: '2014-05', statements: 4 }
	];
	const axis = documentAxis(documents, { now: '2026-05-19T08:00:00.000Z', title });
	expect(axis.bars.map(({ key, height }) => [key, height])).toEqual([
		['2011-03-21', 0.5],
		['2014-05', 1]
	]);
	expect(axis.bars[0]!.left).toBeLessThan(axis.bars[1]!.left);
	expect(new Date(axis.fromMs).toISOString()).toBe('2011-01-01T00:00:00.000Z');
	expect(documentAxis([], { now: '2026-05-19T08:00:00.000Z', title }).bars).toEqual([]);
});

test.each([
	[3 * 60_000, true],
	[26 * 3_600_000, true],
	[400 * 86_400_000, false],
	[15 * 365 * 86_400_000, false]
])('an axis of %i ms has a few ticks within it', (lengthMs, isTime) => {
	const span = { fromMs: Date.UTC(2011, 2, 21, 3, 4, 5), toMs: Date.UTC(2011, 2, 21, 3, 4, 5) + lengthMs };
	expect(ticksOf(span, 3).length).toBeLessThanOrEqual(3);
	const ticks = ticksOf(span, 8);
	expect(ticks.length).toBeGreaterThan(0);
	expect(ticks.length).toBeLessThanOrEqual(8);
	for (const tick of ticks) {
		expect(Date.parse(tick.at)).toBeGreaterThan(span.fromMs);
		expect(Date.parse(tick.at)).toBeLessThan(span.toMs);
		expect(tick.isTime).toBe(isTime);
	}
});
