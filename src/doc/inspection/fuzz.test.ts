import { expect, test } from 'vitest';
import { runSession } from '../../../tests/support/board-fuzz/run-session.ts';

/** A share of what tests/fuzz/inspect-long.ts goes on with for as long as one likes. */
const seedsFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => first + index);
const HOSTILE_PER_UPDATE = 20;

test.each(seedsFrom(1, 25))(
	'seed %i: honest editing is accepted, and just what Yjs reports was named',
	(seed) => {
		const { updates, tight } = runSession(seed, 0);
		expect(tight).toBe(updates);
	}
);

test.each(seedsFrom(1_001, 10))('seed %i: hostile updates leave no trace, or keep every promise', (seed) => {
	const { hostileAccepted } = runSession(seed, HOSTILE_PER_UPDATE);
	// forgeries that never pass would show nothing of what happens behind the inspection
	expect(hostileAccepted).toBeGreaterThan(0);
});

test('an undo that Yjs stumbles over takes nothing back, and work goes on', () => {
	// found by the long run: what stood beside the deleted value is gone for good
	expect(runSession(7_000_232, HOSTILE_PER_UPDATE).updates).toBeGreaterThan(0);
});
