import { expect, test } from 'vitest';
import { REFUSAL_CODES, Refusal } from '#domain/refusal.ts';
import { fieldError, generalError, problemOf } from './account-problem.ts';

test('a refusal about a field stands beside that field and nowhere else', () => {
	const taken = problemOf(new Refusal('conflict', 'a@b.cn has an account already', { path: ['email'] }));
	expect(fieldError(taken, 'email')).toBe('这个邮箱已有账号');
	expect(fieldError(taken, 'name')).toBeUndefined();
	expect(generalError(taken)).toBeUndefined();
});

test.each(REFUSAL_CODES)(
	'a refusal %s about no field is told above the form, not in the words of the log',
	(code) => {
		for (const path of [[], ['projects', 'p1'], ['constructor']]) {
			const words = generalError(problemOf(new Refusal(code, 'words for the log', { path })));
			expect(words).toMatch(/\p{Script=Han}/u);
		}
	}
);

test('without a problem nothing is said', () => {
	expect(fieldError(undefined, 'email')).toBeUndefined();
	expect(generalError(null)).toBeUndefined();
});
