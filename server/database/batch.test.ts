import { expect, test } from 'vitest';
import { Batch } from './batch.ts';

function recording() {
	const goes: number[][] = [];
	const batch = new Batch(async (items: readonly number[]) => {
		goes.push([...items]);
		if (items.includes(13)) throw new Error('no thirteens');
		return items.map((item) => item * 2);
	});
	return { goes, batch };
}

test('what is asked for in the same moment is done in one go, each with its own result', async () => {
	const { goes, batch } = recording();
	const later = (async () => {
		await Promise.resolve();
		return batch.add(3);
	})();
	expect(await Promise.all([batch.add(1), batch.add(2), later])).toEqual([2, 4, 6]);
	expect(goes).toEqual([[1, 2, 3]]);
});

test('what is asked for later is done anew: nothing is remembered', async () => {
	const { goes, batch } = recording();
	await batch.add(1);
	await batch.add(1);
	expect(goes).toEqual([[1], [1]]);
});

test('a go that fails fails for all in it, and for nobody after it', async () => {
	const { batch } = recording();
	const both = await Promise.allSettled([batch.add(1), batch.add(13)]);
	expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	expect(await batch.add(1)).toBe(2);
});
