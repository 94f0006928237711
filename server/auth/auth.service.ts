import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Refusal } from '#domain/refusal.ts';
import { type Action, can, type Role } from '#domain/roles.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
import { Batch } from '#server/database/batch.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { findPerson, findPeople, type Person } from '#server/people/person.repository.ts';
import type { Actor } from './actor.ts';
import { type Auth, isFresh } from './create-auth.ts';
import { findSessionToken } from './session-cookie.ts';
import { isWithinAge, listSessionsByToken } from './session.repository.ts';
import { type Asked, listRights, listStandings, type Standing, type Visit } from './standing.ts';
import {
	insertToken,
	listTokens,
	listTokensByDigest,
	revokeToken,
	touchTokens,
	type TokenRecord
} from './token.repository.ts';

const TOKEN_PREFIX = 'tc_';
const TOKEN_BYTES = 32;
const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** Somebody who was recognised, and the cookies with which their session goes on. */
export type Recognised = { actor: Actor; cookies: string[] };

/** Somebody used a token, and what for. */
interface TokenUse {
	who: Who;
	object: Readonly<Record<string, string>>;
}

/**
 * Who somebody is, and what role they have on a board: asked by pages, API and sync server alike. Nothing of it is
 * remembered; those who ask in the same moment share the look-ups.
 */
export class AuthService {
	readonly #db: DatabaseHandle;
	readonly #auth: Auth;
	readonly #audit: AuditService;
	readonly #tokens = new Batch((digests: readonly string[]) => listTokensByDigest(this.#db, digests));
	readonly #sessions = new Batch((tokens: readonly string[]) => listSessionsByToken(this.#db, tokens));
	readonly #people = new Batch((ids: readonly string[]) => findPeople(this.#db, ids));
	readonly #rights = new Batch((visits: readonly Asked[]) => listRights(this.#db, visits));
	readonly #tokenUses = new Batch((uses: readonly TokenUse[]) => this.#noteTokenUses(uses));
	constructor(parts: { db: DatabaseHandle; auth: Auth; audit: AuditService }) {
		this.#db = parts.db;
		this.#auth = parts.auth;
		this.#audit = parts.audit;
	}

	/** The person behind a request: by bearer token if one is sent, else by session cookie. */
	async authenticate(headers: Headers): Promise<Actor | null> {
		return (await this.recognise(headers))?.actor ?? null;
	}

	/** Like `authenticate`, with what is to be sent back so that a session in use does not run out. */
	async recognise(headers: Headers): Promise<Recognised | null> {
		const found = headers.has('authorization') ? await this.#byToken(headers) : await this.#byCookie(headers);
		return found && (await this.#isActive(found.actor.userId)) ? found : null;
	}

	async #byToken(headers: Headers): Promise<Recognised | null> {
		const token = /^Bearer (tc_[\w-]+)$/i.exec(headers.get('authorization') ?? '')?.[1];
		const found = token && (await this.#tokens.add(digestOf(token)));
		if (!found) return null;
		return { actor: { userId: found.userId, sessionId: found.id, via: 'token' }, cookies: [] };
	}

	async #byCookie(given: Headers): Promise<Recognised | null> {
		const cookies = given.get('cookie');
		if (cookies === null) return null;
		const actor = await this.#byFreshCookie(cookies);
		return actor ? { actor, cookies: [] } : this.#byAnyCookie(given);
	}

	/** Who comes with a cookie that nothing is to be done about, which most are. */
	async #byFreshCookie(cookies: string): Promise<Actor | null> {
		const { authCookies, secret } = await this.#auth.$context;
		const token = findSessionToken({ name: authCookies.sessionToken.name, secret }, cookies);
		const found = token && (await this.#sessions.add(token));
		const now = new Date();
		if (!found || !isFresh(found, now) || !isWithinAge(found.createdAt, now)) return null;
		return { userId: found.userId, sessionId: found.id, via: 'cookie' };
	}

	async #byAnyCookie(given: Headers): Promise<Recognised | null> {
		const { headers, response } = await this.#auth.api.getSession({ headers: given, returnHeaders: true });
		if (!response || !isWithinAge(response.session.createdAt, new Date())) return null;
		const actor: Actor = { userId: response.user.id, sessionId: response.session.id, via: 'cookie' };
		return { actor, cookies: headers.getSetCookie() };
	}

	async #isActive(userId: string): Promise<boolean> {
		const person = await this.#people.add(userId);
		return person !== undefined && !person.isDisabled;
	}

	/** The role somebody has on a board; null = for them there is no such board. An owner of the program owns every board. */
	async roleOn(actor: Pick<Actor, 'userId'>, boardId: string): Promise<Role | null> {
		return (await this.#rights.add({ actor, boardId })).role;
	}

	/** What connections that outlive a request still may, each in its place: a few questions for all of them together. */
	standing(visits: readonly Visit[]): Promise<Standing[]> {
		return listStandings(this.#db, visits);
	}

	/**
	 * The role with which somebody may do something on a board.
	 * @throws {Refusal} `not-found` if they may not see the board, `forbidden` if only this; either is recorded
	 */
	async demand(who: Who, boardId: string, action: Action): Promise<Role> {
		const role = await this.roleOn({ userId: who.userId ?? '' }, boardId);
		if (role && can(role, action)) return role;
		const result = role && can(role, 'board:read') ? 'forbidden' : 'not-found';
		const object = { board: boardId, wanted: action };
		await this.#audit.record({ who, action: 'rights-check', object, result });
		throw new Refusal(
			result,
			result === 'forbidden' ? `a ${role} may not do this` : `there is no board ${boardId}`
		);
	}

	/**
	 * Makes sure that somebody has a role in the program itself, beside their roles on boards.
	 * @param wanted what for, as the audit keeps it
	 * @throws {Refusal} `forbidden`, which is recorded
	 */
	async demandProgramRole(who: Who, roles: readonly Role[], wanted: string): Promise<void> {
		const person = await findPerson(this.#db, who.userId ?? '');
		if (person && !person.isDisabled && roles.includes(person.role)) return;
		await this.#audit.record({ who, action: 'rights-check', object: { wanted }, result: 'forbidden' });
		throw new Refusal('forbidden', `only for: ${roles.join(', ')} of the program`);
	}

	/** Records that a token was used, and when it last was. @param object what for */
	noteTokenUse(who: Who, object: TokenUse['object']): Promise<void> {
		return this.#tokenUses.add({ who, object });
	}

	async #noteTokenUses(uses: readonly TokenUse[]): Promise<void[]> {
		const ids = new Set(uses.map(({ who }) => who.sessionId ?? ''));
		const events = uses.map((use) => ({ ...use, action: 'token-use' as const }));
		await this.#db.transaction().execute(async (trx) => {
			await touchTokens(trx, ids, new Date().toISOString());
			await this.#audit.recordAll(events, trx);
		});
		return uses.map(() => undefined);
	}

	/** Makes a bearer token; it is shown this once. @throws {Refusal} `forbidden` for a person who is shut out */
	async createToken({ id: userId, isDisabled }: Person, who: Who): Promise<string> {
		if (isDisabled) throw new Refusal('forbidden', 'the account is disabled');
		const token = `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
		const id = randomUUID();
		const at = new Date().toISOString();
		await this.#db.transaction().execute(async (trx) => {
			await insertToken(trx, { id, userId, digest: digestOf(token), at });
			await this.#audit.record({ who, action: 'token-make', object: { user: userId, token: id } }, trx);
		});
		return token;
	}

	/** The tokens that are good, without their secrets. */
	tokens(): Promise<TokenRecord[]> {
		return listTokens(this.#db);
	}

	/** Ends a token. @throws {Refusal} `not-found` */
	async revokeToken(id: string, who: Who): Promise<void> {
		await this.#db.transaction().execute(async (trx) => {
			if (!(await revokeToken(trx, id, new Date().toISOString())))
				throw new Refusal('not-found', `there is no token ${id}`);
			await this.#audit.record({ who, action: 'token-revoke', object: { token: id } }, trx);
		});
	}
}
