import { expect, test } from 'vitest';
import { PASSWORD_MIN_CHARS } from '#domain/limits.ts';
import { makePassword } from './make-password.ts';

test('a made-up password is accepted, legible, and another one each time', () => {
	const passwords = Array.from({ length: 200 }, makePassword);
	expect(new Set(passwords).size).toBe(passwords.length);
	for (const password of passwords) {
		expect(password.length).toBeGreaterThanOrEqual(PASSWORD_MIN_CHARS);
		expect(password).toMatch(/^[a-hjkmnp-z2-9]+$/);
	}
});
