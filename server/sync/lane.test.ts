import { setImmediate as nextRound } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import { Lane } from './lane.ts';

/** Far more than a turn may last. */
const LONG_MS = 1_000;

let lane: Lane;
let done: string[];
/** Asks for something that takes so long, by the clock of the test. */
let lasting: (name: string, ms?: number) => void | Promise<void>;

beforeEach(() => {
	lane = new Lane();
	done = [];
	let nowMs = 0;
	vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
	lasting = (name, ms = 0) => lane.run(() => void (done.push(name), (nowMs += ms)));
	return () => vi.restoreAllMocks();
});

test('short things are done at once', () => {
	for (const name of ['a', 'b', 'c']) expect(lasting(name)).toBeUndefined();
	expect(done).toEqual(['a', 'b', 'c']);
});

test('what comes while something takes its time waits for it, in order', async () => {
	const { promise, resolve } = Promise.withResolvers<void>();
	void lane.run(() => promise);
	const last = [lasting('a'), lasting('b')].at(-1);
	expect(done).toEqual([]);
	resolve();
	await last;
	expect(done).toEqual(['a', 'b']);
});

test('after a full turn everybody else has one before the next thing is done, and the order stays', async () => {
	void lasting('a', LONG_MS);
	const last = [lasting('b'), lasting('c')].at(-1);
	expect(done).toEqual(['a']);
	setImmediate(() => done.push('somebody else'));
	await last;
	expect(done).toEqual(['a', 'somebody else', 'b', 'c']);
});

test('a new round of the event loop is a new turn', async () => {
	void lasting('a', LONG_MS);
	await nextRound();
	expect(lasting('b')).toBeUndefined();
	expect(done).toEqual(['a', 'b']);
});
