import { expect, test } from 'vitest';
import { FewAtOnce } from './few-at-once.ts';

test('only so many run at once, the others in the order they came, also after one that failed', async () => {
	const few = new FewAtOnce(2);
	const begun: number[] = [];
	const ends: PromiseWithResolvers<void>[] = [];
	const results = [0, 1, 2, 3].map((which) =>
		few.run(() => {
			begun.push(which);
			const end = Promise.withResolvers<void>();
			ends.push(end);
			return end.promise;
		})
	);
	expect(begun).toEqual([0, 1]);
	const failed = expect(results[1]).rejects.toThrow('wrong');
	ends[1]!.reject(new Error('wrong'));
	await failed;
	await expect.poll(() => begun).toEqual([0, 1, 2]);
	ends[0]!.resolve();
	await results[0];
	await expect.poll(() => begun).toEqual([0, 1, 2, 3]);
	ends.forEach(({ resolve }) => resolve());
	await Promise.all([results[2], results[3]]);
});
