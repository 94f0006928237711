import { createHmac, randomBytes } from 'node:crypto';
import { PASSWORD_MAX_CHARS } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { findPerson, findPersonByEmail } from '#server/people/person.repository.ts';
import { findPasswordDigest, updatePasswordDigest } from './account.repository.ts';
import { type Actor, whoIs } from './actor.ts';
import { AttemptLimiter } from './attempt-limiter.ts';
import type { Auth } from './create-auth.ts';
import { deviceCookie, findDevice } from './device-cookie.ts';
import { FewAtOnce } from './few-at-once.ts';
import { checkPassword } from './password.ts';
import { deleteSession, deleteSessionsOf, findSessionId } from './session.repository.ts';

export interface Credentials {
	email: string;
	password: string;
}
/** Where a request comes from: its address, and its headers for cookies and browser. */
export interface Source {
	address: string;
	headers: Headers;
}
/** Signed in: what better-auth answers, and the cookies that make it last. */
export interface SignedIn {
	kind: 'signed-in';
	body: unknown;
	cookies: string[];
}
/** Wrong address or password, and nothing says which; or too many tries. */
export type SignInOutcome = SignedIn | { kind: 'wrong' } | { kind: 'too-fast'; retryAfterS: number };

const DIGEST_CHARS = 32;
/** Each takes a thread of Node's four, and commits must never wait for one behind a crowd of guesses. */
const CHECKS_AT_ONCE = 2;

/** Signing in and out, and changing one's password: better-auth's own work, with limits and a record of each. */
export class SignInService {
	readonly #db: DatabaseHandle;
	readonly #auth: Auth;
	readonly #audit: AuditService;
	readonly #secret: string;
	readonly #isSecure: boolean;
	readonly #limiter = new AttemptLimiter();
	readonly #checks = new FewAtOnce(CHECKS_AT_ONCE);
	constructor(parts: {
		db: DatabaseHandle;
		auth: Auth;
		audit: AuditService;
		secret: string;
		isSecure: boolean;
	}) {
		this.#db = parts.db;
		this.#auth = parts.auth;
		this.#audit = parts.audit;
		this.#secret = parts.secret;
		this.#isSecure = parts.isSecure;
	}

	/** Signs somebody in. Unknown, shut and wrong look the same from outside, and cost the same time. */
	async signIn(given: Credentials, source: Source): Promise<SignInOutcome> {
		const email = given.email.trim().toLowerCase();
		const device = findDevice(this.#secret, email, source.headers.get('cookie') ?? '');
		const person = await findPersonByEmail(this.#db, email);
		const object = person ? { user: person.id } : { account: this.#digestOf(email) };
		const failed = (result: 'refused' | 'too-fast') =>
			this.#audit.record({ who: nobodyAt(source), action: 'sign-in', object, result });

		const admitted = await this.#limiter.admit({ account: email, address: source.address, device });
		if ('retryAfterS' in admitted) {
			await failed('too-fast');
			return { kind: 'too-fast', retryAfterS: admitted.retryAfterS };
		}
		const response = await this.#ask({ email, password: person?.isDisabled ? null : given.password }, source);
		if (!response.ok || !person) {
			await failed('refused');
			return { kind: 'wrong' };
		}
		admitted.succeeded();
		return this.#admitted(response, { id: person.id, email }, source);
	}

	/** better-auth's answer to credentials; a password of null is one that is certainly wrong. */
	#ask({ email, password }: { email: string; password: string | null }, source: Source): Promise<Response> {
		const usable = password !== null && password.length <= PASSWORD_MAX_CHARS;
		const body = { email, password: usable ? password : randomBytes(DIGEST_CHARS).toString('base64url') };
		const headers = new Headers({ 'x-peer-address': source.address });
		const browser = source.headers.get('user-agent');
		if (browser !== null) headers.set('user-agent', browser);
		return this.#checks.run(() => this.#auth.api.signInEmail({ body, headers, asResponse: true }));
	}

	async #admitted(
		response: Response,
		person: { id: string; email: string },
		{ address }: Source
	): Promise<SignedIn> {
		const body = (await response.json()) as { token: string };
		const sessionId = await findSessionId(this.#db, body.token);
		if (sessionId === undefined) throw new Error('better-auth made no session');
		const who: Who = { userId: person.id, sessionId, address };
		try {
			await this.#audit.record({ who, action: 'sign-in' });
		} catch (error) {
			await deleteSession(this.#db, sessionId);
			throw error;
		}
		const cookies = response.headers.getSetCookie();
		return {
			kind: 'signed-in',
			body,
			cookies: [...cookies, deviceCookie(this.#secret, person.email, this.#isSecure)]
		};
	}

	/** Typed into the wrong field this may be a password: only somebody with the secret can compare it. */
	#digestOf(email: string): string {
		return createHmac('sha256', this.#secret).update(email).digest('hex').slice(0, DIGEST_CHARS);
	}

	/** Ends the session somebody came with. @returns the cookies that clear theirs */
	async signOut(actor: Actor, source: Source): Promise<string[]> {
		const who = whoIs(actor, source.address);
		await this.#db.transaction().execute(async (trx) => {
			await deleteSession(trx, actor.sessionId);
			await this.#audit.record({ who, action: 'sign-out' }, trx);
		});
		const cleared = await this.#auth.api.signOut({
			headers: new Headers({ cookie: source.headers.get('cookie') ?? '' }),
			asResponse: true
		});
		return cleared.headers.getSetCookie();
	}

	/**
	 * Gives somebody who knows their password another one. All their sessions end, and a new one begins here.
	 * @throws {Refusal} `bad-request` for a password that will not do, `forbidden` if the old one is wrong, `too-fast`
	 */
	async changePassword(
		actor: Actor,
		given: { currentPassword: string; newPassword: string },
		source: Source
	): Promise<SignedIn> {
		checkPassword(given.newPassword);
		const who = whoIs(actor, source.address);
		await this.#checkCurrent(given.currentPassword, who, source);
		const { password } = await this.#auth.$context;
		const passwordDigest = await password.hash(given.newPassword);
		await this.#db.transaction().execute(async (trx) => {
			const at = new Date().toISOString();
			await updatePasswordDigest(trx, { userId: actor.userId, passwordDigest, at });
			await deleteSessionsOf(trx, actor.userId);
			await this.#audit.record({ who, action: 'password-change' }, trx);
		});
		const { email } = (await findPerson(this.#db, actor.userId))!;
		const response = await this.#ask({ email, password: given.newPassword }, source);
		return { kind: 'signed-in', body: await response.json(), cookies: response.headers.getSetCookie() };
	}

	async #checkCurrent(currentPassword: string, who: Who, source: Source): Promise<void> {
		const userId = who.userId ?? '';
		const attempt = { account: userId, address: source.address, device: undefined };
		const admitted = await this.#limiter.admit(attempt);
		if ('retryAfterS' in admitted) throw new Refusal('too-fast', 'too many wrong passwords');
		const { password } = await this.#auth.$context;
		const hash = await findPasswordDigest(this.#db, userId);
		if (hash !== undefined && (await password.verify({ hash, password: currentPassword })))
			return admitted.succeeded();
		await this.#audit.record({ who, action: 'password-change', result: 'refused' });
		throw new Refusal('forbidden', 'the current password is wrong');
	}
}

const nobodyAt = ({ address }: Source): Who => ({ userId: null, sessionId: null, address });
