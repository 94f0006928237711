import { expect, test } from 'vitest';
import { retryDelayMs } from './connection.ts';

test('each try in a row waits longer, up to a bound, and people do not come back in step', () => {
	expect(retryDelayMs(0, 0)).toBeLessThan(retryDelayMs(3, 0));
	expect(retryDelayMs(50, 1)).toBe(retryDelayMs(20, 1));
	expect(retryDelayMs(2, 0)).not.toBe(retryDelayMs(2, 1));
	for (const tries of [0, 1, 5, 100]) expect(retryDelayMs(tries, 0)).toBeGreaterThan(100);
});
