import { createHash, randomBytes } from 'node:crypto';
import { Refusal } from '#domain/refusal.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { NewPerson, PeopleService, Person } from '#server/people/people.service.ts';
import type { Who } from '#server/audit/who.ts';
import {
	isInvitationOpen,
	OWNER_INVITATION,
	reopenInvitation,
	replaceInvitation,
	takeInvitation
} from './invitation.repository.ts';
import { hasUsers } from './session.repository.ts';

const SECRET_BYTES = 32;
const digestOf = (secret: string) => createHash('sha256').update(secret).digest('hex');

/** The one-time link of the first start, with which somebody becomes the owner. */
export class OwnerLinkService {
	readonly #db: DatabaseHandle;
	readonly #people: PeopleService;
	constructor(parts: { db: DatabaseHandle; people: PeopleService }) {
		this.#db = parts.db;
		this.#people = parts.people;
	}

	/** The secret part of a link, while nobody has an account; older links end. */
	async create(): Promise<string | undefined> {
		if (await hasUsers(this.#db)) return undefined;
		const secret = randomBytes(SECRET_BYTES).toString('base64url');
		await replaceInvitation(this.#db, {
			digest: digestOf(secret),
			purpose: OWNER_INVITATION,
			at: new Date().toISOString()
		});
		return secret;
	}

	/** Whether a link is still good: nobody has used it, and nobody became the owner by another way. */
	async isOpen(secret: string): Promise<boolean> {
		return (await isInvitationOpen(this.#db, digestOf(secret))) && !(await hasUsers(this.#db));
	}

	/** Makes the owner's account with a link. @throws {Refusal} `not-found` if the link is used or wrong */
	async accept(secret: string, person: Omit<NewPerson, 'role'>, address: string | null): Promise<Person> {
		const digest = digestOf(secret);
		const isTaken =
			(await this.isOpen(secret)) && (await takeInvitation(this.#db, digest, new Date().toISOString()));
		if (!isTaken) throw new Refusal('not-found', 'the link is used or wrong');
		const who: Who = { userId: null, sessionId: 'owner-link', address };
		try {
			return await this.#people.add({ ...person, role: 'owner' }, who);
		} catch (error) {
			await reopenInvitation(this.#db, digest);
			throw error;
		}
	}
}
