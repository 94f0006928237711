import { PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, PERSON_NAME_MAX_CHARS } from '#domain/limits.ts';
import type { Refusal, RefusalCode } from '#domain/refusal.ts';
import { m } from '#lib/paraglide/messages.js';

/** Why a form about accounts was refused: the code, and the field it is about if it is about one. */
export interface AccountProblem {
	code: RefusalCode;
	field: string | null;
}

/** A refusal as a form shows it: without the English words, which are for logs. */
export function problemOf({ code, path }: Refusal): AccountProblem {
	return { code, field: path[0] ?? null };
}

function emailWords(code: RefusalCode): string {
	if (code === 'conflict') return m.account_email_taken();
	return code === 'not-found' ? m.account_email_unknown() : m.account_email_wrong();
}

const FIELD_WORDS: Readonly<Record<string, (code: RefusalCode) => string>> = {
	email: emailWords,
	name: () => m.account_name_wrong({ count: PERSON_NAME_MAX_CHARS }),
	password: () => m.account_password_wrong({ min: PASSWORD_MIN_CHARS, max: PASSWORD_MAX_CHARS }),
	currentPassword: () => m.account_current_password_wrong(),
	organisation: () => m.account_organisation_wrong(),
	role: () => m.account_role_wrong()
};

/** What stands beside `field`; undefined if the problem is another's. */
export function fieldError(
	problem: AccountProblem | null | undefined,
	field: keyof typeof FIELD_WORDS
): string | undefined {
	return problem?.field === field ? FIELD_WORDS[field]?.(problem.code) : undefined;
}

/** What is said of a problem that belongs to none of the fields. */
export function generalError(problem: AccountProblem | null | undefined): string | undefined {
	if (!problem || (problem.field !== null && Object.hasOwn(FIELD_WORDS, problem.field))) return undefined;
	if (problem.code === 'too-fast') return m.account_too_fast();
	return problem.code === 'forbidden' ? m.account_forbidden() : m.account_failed();
}
