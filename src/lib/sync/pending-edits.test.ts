import { beforeEach, describe, expect, test } from 'vitest';
import { PendingEdits } from './pending-edits.ts';

describe('edits on their way', () => {
	let pending: PendingEdits;
	beforeEach(() => (pending = new PendingEdits(0)));

	test('an edit is pending until an ack names its message', () => {
		pending.add(undefined, 2);
		pending.add(undefined, 3);
		pending.acked(2);
		expect(pending.size).toBe(1);
		pending.acked(3);
		expect(pending.size).toBe(0);
	});
	test('what was never sent is vouched for by no ack', () => {
		pending.add(undefined, undefined);
		pending.acked(100);
		expect(pending.size).toBe(1);
	});
	test('after a lost line an old count means nothing; the answer to the server carries all', () => {
		pending.add(undefined, 7);
		pending.lineLost();
		pending.acked(7);
		expect(pending.size).toBe(1);
		pending.sentAll(1);
		pending.acked(1);
		expect(pending.size).toBe(0);
	});
	test('edits of an earlier visit count until the first answer is vouched for', () => {
		pending = new PendingEdits(3);
		pending.acked(5);
		expect(pending.size).toBe(3);
		pending.sentAll(1);
		pending.add(undefined, 2);
		pending.acked(1);
		expect(pending.size).toBe(1);
	});
});
