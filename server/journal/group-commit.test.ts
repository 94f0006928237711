import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PendingEntry } from './entry.ts';
import { type CommitListener, GroupCommit } from './group-commit.ts';

const WINDOW = { ms: 3, longestMs: 30, entries: 100, bytes: 1_000 };

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

const LISTENER: CommitListener = { committed: () => {}, failed: () => {} };

const entry = (seq: number, bytes = 1) =>
	({
		boardId: 'b',
		seq,
		update: new Uint8Array(bytes),
		changes: [],
		newWriters: []
	}) as unknown as PendingEntry;

/** Commits that take `ms` each, and the numbers of the entries each had. */
function commitsTaking(ms: number) {
	const windows: number[][] = [];
	const commits = new GroupCommit(
		{
			async commit(entries) {
				windows.push(entries.map(({ seq }) => seq));
				await new Promise((resolve) => setTimeout(resolve, ms));
				return new Map();
			}
		},
		WINDOW,
		{ next: () => WINDOW.ms }
	);
	return { commits, windows };
}

test('entries that come within a window share one transaction', async () => {
	const { commits, windows } = commitsTaking(0);
	commits.append(entry(1), LISTENER);
	await vi.advanceTimersByTimeAsync(2);
	commits.append(entry(2), LISTENER);
	expect(windows).toEqual([]);
	await vi.advanceTimersByTimeAsync(1);
	expect(windows).toEqual([[1, 2]]);
});

test('what came while a window was written does not wait for another length', async () => {
	const { commits, windows } = commitsTaking(5);
	commits.append(entry(1), LISTENER);
	await vi.advanceTimersByTimeAsync(3 + 1);
	commits.append(entry(2), LISTENER);
	await vi.advanceTimersByTimeAsync(3);
	commits.append(entry(3), LISTENER);
	expect(windows).toEqual([[1]]);
	await vi.advanceTimersByTimeAsync(1);
	expect(windows).toEqual([[1], [2, 3]]);
});

test('a commit that hung does not make people wait for the next one', async () => {
	const { commits, windows } = commitsTaking(5_000);
	commits.append(entry(1), LISTENER);
	await vi.advanceTimersByTimeAsync(3 + 5_000);
	commits.append(entry(2), LISTENER);
	await vi.advanceTimersByTimeAsync(WINDOW.ms);
	expect(windows).toEqual([[1], [2]]);
});

test('a window that is full, by number or by bytes, is written at once', async () => {
	const { commits, windows } = commitsTaking(0);
	for (let seq = 1; seq <= WINDOW.entries; seq++) commits.append(entry(seq), LISTENER);
	await vi.advanceTimersByTimeAsync(0);
	expect(windows).toHaveLength(1);
	commits.append(entry(101, WINDOW.bytes), LISTENER);
	await vi.advanceTimersByTimeAsync(0);
	expect(windows).toHaveLength(2);
});
