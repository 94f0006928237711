import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';

/** @throws {Refusal} `bad-request` for a password nobody should have */
export function checkPassword(password: string): void {
	if (password.length < PASSWORD_MIN_CHARS || password.length > PASSWORD_MAX_CHARS)
		throw new Refusal(
			'bad-request',
			`a password has ${PASSWORD_MIN_CHARS}–${PASSWORD_MAX_CHARS} characters`,
			{ path: ['password'] }
		);
}
