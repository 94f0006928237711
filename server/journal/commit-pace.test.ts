import { expect, test } from 'vitest';
import { type Busyness, CommitPace } from './commit-pace.ts';

const LENGTHS = { ms: 3, longestMs: 30 };

function paceOf() {
	const now: Busyness = { forMs: 100, share: 0 };
	const pace = new CommitPace(LENGTHS, () => now);
	const after = (windows: number, busyness: Partial<Busyness>) => {
		Object.assign(now, busyness);
		for (let count = 1; count < windows; count++) pace.next();
		return pace.next();
	};
	return after;
}

test('while there is time to spare nobody waits for others', () => {
	expect(paceOf()(20, { share: 0.3 })).toBe(3);
});

test('where the program hardly keeps up more and more share a window, up to a bound', () => {
	const after = paceOf();
	expect(after(1, { share: 0.9 })).toBe(4.5);
	expect(after(20, { share: 0.99 })).toBe(30);
});

test('a middling load leaves things as they are, and an idle program is quick again', () => {
	const after = paceOf();
	after(20, { share: 1 });
	expect(after(20, { share: 0.5 })).toBe(30);
	expect(after(20, { share: 0.1 })).toBe(3);
});

test('a moment says nothing', () => {
	expect(paceOf()(5, { forMs: 5, share: 1 })).toBe(3);
});
