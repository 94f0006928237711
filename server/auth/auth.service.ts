import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Role } from '#domain/roles.ts';
import { Refusal } from '#domain/refusal.ts';
import { findMembership, findBoard } from '#server/boards/board.repository.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { findPerson } from '#server/people/person.repository.ts';
import type { NewPerson, PeopleService, Person } from '#server/people/people.service.ts';
import type { Actor } from './actor.ts';
import type { Auth } from './create-auth.ts';
import {
	isInvitationOpen,
	OWNER_INVITATION,
	reopenInvitation,
	replaceInvitation,
	takeInvitation
} from './invitation.repository.ts';
import { hasUsers, isSessionGood } from './session.repository.ts';
import { findToken, insertToken, isTokenGood } from './token.repository.ts';

const TOKEN_PREFIX = 'tc_';
const SECRET_BYTES = 32;
const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** Who somebody is, and what role they have on a board: asked by pages, API and sync server alike. */
export class AuthService {
	readonly #db: DatabaseHandle;
	readonly #auth: Auth;
	constructor(db: DatabaseHandle, auth: Auth) {
		this.#db = db;
		this.#auth = auth;
	}

	/** The person behind a request: by bearer token if one is sent, else by session cookie. */
	async authenticate(headers: Headers): Promise<Actor | null> {
		const actor = headers.has('authorization') ? await this.#byToken(headers) : await this.#byCookie(headers);
		return actor && (await this.#isActive(actor.userId)) ? actor : null;
	}

	async #byToken(headers: Headers): Promise<Actor | null> {
		const token = /^Bearer (tc_[\w-]+)$/.exec(headers.get('authorization') ?? '')?.[1];
		const found = token && (await findToken(this.#db, digestOf(token)));
		return found ? { userId: found.userId, sessionId: found.id, via: 'token' } : null;
	}

	async #byCookie(headers: Headers): Promise<Actor | null> {
		if (!headers.has('cookie')) return null;
		const found = await this.#auth.api.getSession({ headers });
		return found ? { userId: found.user.id, sessionId: found.session.id, via: 'cookie' } : null;
	}

	async #isActive(userId: string): Promise<boolean> {
		const person = await findPerson(this.#db, userId);
		return person !== undefined && !person.isDisabled;
	}

	/** Whether a session or token is still good, for connections that outlive a request. */
	async isSignedIn(actor: Actor): Promise<boolean> {
		const isGood =
			actor.via === 'token'
				? await isTokenGood(this.#db, actor.sessionId)
				: await isSessionGood(this.#db, actor.sessionId, new Date());
		return isGood && this.#isActive(actor.userId);
	}

	/** The role somebody has on a board; null = for them there is no such board. An owner of the program owns every board. */
	async roleOn(actor: Actor, boardId: string): Promise<Role | null> {
		if (!(await findBoard(this.#db, boardId))) return null;
		const person = await findPerson(this.#db, actor.userId);
		if (!person || person.isDisabled) return null;
		return person.role === 'owner'
			? 'owner'
			: ((await findMembership(this.#db, boardId, actor.userId)) ?? null);
	}

	/** Makes a bearer token; it is shown this once. */
	async createToken(userId: string): Promise<string> {
		const token = `${TOKEN_PREFIX}${randomBytes(SECRET_BYTES).toString('base64url')}`;
		await insertToken(this.#db, {
			id: randomUUID(),
			userId,
			digest: digestOf(token),
			at: new Date().toISOString()
		});
		return token;
	}

	/** The secret part of a link that makes its holder the owner, while nobody has an account; older links end. */
	async createOwnerInvitation(): Promise<string | undefined> {
		if (await hasUsers(this.#db)) return undefined;
		const secret = randomBytes(SECRET_BYTES).toString('base64url');
		await replaceInvitation(this.#db, {
			digest: digestOf(secret),
			purpose: OWNER_INVITATION,
			at: new Date().toISOString()
		});
		return secret;
	}

	/** Whether an owner link is still good. */
	isInvitationOpen(secret: string): Promise<boolean> {
		return isInvitationOpen(this.#db, digestOf(secret));
	}

	/** Makes the owner's account with an owner link. @throws {Refusal} `not-found` if the link is used or wrong */
	async acceptInvitation(
		secret: string,
		people: PeopleService,
		person: Omit<NewPerson, 'role'>
	): Promise<Person> {
		const digest = digestOf(secret);
		if (!(await takeInvitation(this.#db, digest, new Date().toISOString())))
			throw new Refusal('not-found', 'the link is used or wrong');
		try {
			return await people.add({ ...person, role: 'owner' });
		} catch (error) {
			await reopenInvitation(this.#db, digest);
			throw error;
		}
	}
}
