import { beforeEach, describe, expect, test } from 'vitest';
import { PendingEdits } from './pending-edits.ts';

describe('edits on their way', () => {
	let pending: PendingEdits;
	let made = 0;
	const add = (count: number | undefined) => pending.add({ intent: undefined, count, key: `${++made}` });
	beforeEach(() => {
		pending = new PendingEdits(0);
		made = 0;
	});

	test('an edit is pending until an ack names its message', () => {
		add(2);
		add(3);
		pending.acked(2);
		expect(pending.size).toBe(1);
		pending.acked(3);
		expect(pending.size).toBe(0);
	});
	test('what was never sent is vouched for by no ack', () => {
		add(undefined);
		pending.acked(100);
		expect(pending.size).toBe(1);
	});
	test('after a lost line an old count means nothing; the answer to the server carries all', () => {
		add(7);
		pending.lineLost();
		pending.acked(7);
		expect(pending.size).toBe(1);
		pending.sentAll(1);
		pending.acked(1);
		expect(pending.size).toBe(0);
	});
	test('an ack gives the keys of what is vouched for, each once', () => {
		pending = new PendingEdits(1, ['earlier']);
		add(2);
		add(3);
		pending.lineLost();
		pending.sentAll(1);
		add(2);
		expect(pending.acked(1)).toEqual(['earlier', '1', '2']);
		expect(pending.acked(2)).toEqual(['3']);
		expect(pending.acked(9)).toEqual([]);
	});
	test('edits of an earlier visit count until the first answer is vouched for', () => {
		pending = new PendingEdits(3);
		pending.acked(5);
		expect(pending.size).toBe(3);
		pending.sentAll(1);
		add(2);
		pending.acked(1);
		expect(pending.size).toBe(1);
	});
});
