import { PASSWORD_MIN_CHARS, PERSON_NAME_MAX_CHARS } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Role } from '#domain/roles.ts';
import type { Auth } from '#server/auth/create-auth.ts';
import { deleteSessionsOf } from '#server/auth/session.repository.ts';
import { revokeTokensOf } from '#server/auth/token.repository.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { findOrganisation, listOrganisations } from '#server/organisations/organisation.repository.ts';
import {
	disablePerson,
	findPerson,
	findPersonByEmail,
	insertPerson,
	listPeople,
	type Person
} from './person.repository.ts';

export type { Person } from './person.repository.ts';
export interface NewPerson {
	email: string;
	name: string;
	organisationId: string | null;
	role: Role;
	password: string;
}

/** What others may see of a person. */
export interface Profile {
	id: string;
	name: string;
	org: string;
	orgEn: string;
	orgId: string | null;
	/** Adcode of the place their organisation answers for. */
	city: string | null;
	/** Index into the presence palette. */
	color: number;
}

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
const PALETTE_SIZE = 12;

/** The same person has the same colour everywhere. */
function colorOf(userId: string): number {
	let sum = 0;
	for (const char of userId) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
	return sum % PALETTE_SIZE;
}

/** Accounts: who may sign in, and what others see of them. */
export class PeopleService {
	readonly #db: DatabaseHandle;
	readonly #auth: Auth;
	constructor(db: DatabaseHandle, auth: Auth) {
		this.#db = db;
		this.#auth = auth;
	}

	/** Makes an account. @throws {Refusal} `bad-request`, `conflict` if the address has one; its path is the field */
	async add(person: NewPerson): Promise<Person> {
		const email = person.email.trim().toLowerCase();
		const name = person.name.trim();
		if (!EMAIL.test(email))
			throw new Refusal('bad-request', `${person.email} is not a mail address`, { path: ['email'] });
		if (name === '' || name.length > PERSON_NAME_MAX_CHARS)
			throw new Refusal('bad-request', `a name has 1–${PERSON_NAME_MAX_CHARS} characters`, {
				path: ['name']
			});
		if (person.password.length < PASSWORD_MIN_CHARS)
			throw new Refusal('bad-request', `a password has at least ${PASSWORD_MIN_CHARS} characters`, {
				path: ['password']
			});
		if (person.organisationId !== null && !(await findOrganisation(this.#db, person.organisationId))) {
			throw new Refusal('bad-request', `there is no organisation ${person.organisationId}`, {
				path: ['organisation']
			});
		}
		if (await findPersonByEmail(this.#db, email))
			throw new Refusal('conflict', `${email} has an account already`, { path: ['email'] });
		const { internalAdapter, password } = await this.#auth.$context;
		const hash = await password.hash(person.password);
		const user = await internalAdapter.createUser(
			{ email, name, emailVerified: true },
			{ method: 'email-password' }
		);
		await internalAdapter.linkAccount({
			userId: user.id,
			providerId: 'credential',
			accountId: user.id,
			password: hash
		});
		await insertPerson(this.#db, {
			userId: user.id,
			organisationId: person.organisationId,
			role: person.role
		});
		return {
			id: user.id,
			name,
			email,
			organisationId: person.organisationId,
			role: person.role,
			isDisabled: false
		};
	}

	list(): Promise<Person[]> {
		return listPeople(this.#db);
	}

	find(userId: string): Promise<Person | undefined> {
		return findPerson(this.#db, userId);
	}

	/** @throws {Refusal} `not-found` */
	async getByEmail(email: string): Promise<Person> {
		const person = await findPersonByEmail(this.#db, email.trim());
		if (!person) throw new Refusal('not-found', `nobody has the address ${email}`, { path: ['email'] });
		return person;
	}

	/** Shuts an account: its sessions and tokens end, and open sockets close within moments. */
	async disable(email: string): Promise<Person> {
		const person = await this.getByEmail(email);
		const now = new Date().toISOString();
		await disablePerson(this.#db, person.id, now);
		await revokeTokensOf(this.#db, person.id, now);
		await deleteSessionsOf(this.#db, person.id);
		return { ...person, isDisabled: true };
	}

	/** What others may see of people: of these, or of everybody. */
	async profiles(userIds?: ReadonlySet<string>): Promise<Map<string, Profile>> {
		const organisations = new Map(
			(await listOrganisations(this.#db)).map((organisation) => [organisation.id, organisation])
		);
		const people = (await listPeople(this.#db)).filter((person) => !userIds || userIds.has(person.id));
		return new Map(
			people.map((person) => {
				const organisation = organisations.get(person.organisationId ?? '');
				const profile: Profile = {
					id: person.id,
					name: person.name,
					org: organisation?.name ?? '',
					orgEn: organisation?.nameEn ?? '',
					orgId: person.organisationId,
					city: organisation?.place ?? null,
					color: colorOf(person.id)
				};
				return [person.id, profile];
			})
		);
	}
}
