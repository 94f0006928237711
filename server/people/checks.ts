import { NAME } from '#doc/checks.ts';
import { PERSON_NAME_MAX_CHARS } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';

/** Only what better-auth's own sign-in takes as well: an account nobody can sign in to helps nobody. */
const EMAIL = /^[\w+-]+(?:\.[\w+-]+)*@(?:[a-z\d][a-z\d-]*\.)+[a-z]{2,}$/;
const EMAIL_MAX_CHARS = 254;
const SHOWN_CHARS = 80;

/** A mail address as accounts keep it. @throws {Refusal} `bad-request` */
export function checkEmail(given: string): string {
	const email = given.trim().toLowerCase();
	if (email.length <= EMAIL_MAX_CHARS && EMAIL.test(email)) return email;
	throw new Refusal('bad-request', `${JSON.stringify(given.slice(0, SHOWN_CHARS))} is not a mail address`, {
		path: ['email']
	});
}

/** A person's name without what surrounds it. @throws {Refusal} `bad-request` */
export function checkName(given: string): string {
	const name = given.trim();
	const problem =
		name.length > PERSON_NAME_MAX_CHARS ? `is longer than ${PERSON_NAME_MAX_CHARS} characters` : NAME(name);
	if (problem) throw new Refusal('bad-request', `the name ${problem}`, { path: ['name'] });
	return name;
}
