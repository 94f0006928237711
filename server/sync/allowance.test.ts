import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Allowance } from './allowance.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

test('what is there may be spent at once, and no more', () => {
	const allowance = new Allowance(10, 2);
	expect([allowance.spend(4), allowance.spend(6), allowance.spend(1)]).toEqual([true, true, false]);
});

test('it comes back with time, up to what it began with', () => {
	const allowance = new Allowance(10, 2);
	allowance.spend(10);
	vi.advanceTimersByTime(1_500);
	expect([allowance.spend(3), allowance.spend(1)]).toEqual([true, false]);
	vi.advanceTimersByTime(3_600_000);
	expect([allowance.spend(10), allowance.spend(1)]).toEqual([true, false]);
});

test('what was overspent must come back first', () => {
	const allowance = new Allowance(10, 2);
	expect(allowance.spend(20)).toBe(false);
	vi.advanceTimersByTime(5_000);
	expect(allowance.spend(1)).toBe(false);
	vi.advanceTimersByTime(1_000);
	expect(allowance.spend(1)).toBe(true);
});
