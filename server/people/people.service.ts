import { randomUUID } from 'node:crypto';
import { Refusal } from '#domain/refusal.ts';
import type { Role } from '#domain/roles.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
import {
	deleteCredentials,
	insertAccount,
	updateNameAndEmail,
	updatePasswordDigest
} from '#server/auth/account.repository.ts';
import type { Auth } from '#server/auth/create-auth.ts';
import { checkPassword } from '#server/auth/password.ts';
import { deleteSessionsOf, listSessionsOf } from '#server/auth/session.repository.ts';
import { revokeTokensOf } from '#server/auth/token.repository.ts';
import { deleteMembershipsOf, listMembershipsOf } from '#server/boards/board.repository.ts';
import { deleteVisitsOf } from '#server/boards/visit.repository.ts';
import { Batch } from '#server/database/batch.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { findOrganisation, listOrganisations } from '#server/organisations/organisation.repository.ts';
import { checkEmail, checkName } from './checks.ts';
import {
	disablePerson,
	findPerson,
	findPersonByEmail,
	insertPerson,
	listPeople,
	type Person,
	updatePerson
} from './person.repository.ts';
import { type Profile, profileOf } from './profile.ts';

export type { Person } from './person.repository.ts';
export type { Profile } from './profile.ts';
export interface NewPerson {
	email: string;
	name: string;
	organisationId: string | null;
	role: Role;
	password: string;
}
/** What may be put right about a person; what is left out stays. */
export type PersonChange = Partial<Pick<Person, 'email' | 'name' | 'organisationId' | 'role'>>;

/** Stands where somebody's name stood: a value like any other name, shown as it is in either language. */
const ERASED_NAME = '已注销用户';

/** Accounts: who may sign in, and what others see of them. */
export class PeopleService {
	readonly #db: DatabaseHandle;
	readonly #auth: Auth;
	readonly #audit: AuditService;
	readonly #profiles = new Batch(async (ids: readonly string[]) => {
		const known = await this.profiles(new Set(ids));
		return ids.map((id) => known.get(id));
	});
	constructor(parts: { db: DatabaseHandle; auth: Auth; audit: AuditService }) {
		this.#db = parts.db;
		this.#auth = parts.auth;
		this.#audit = parts.audit;
	}

	/** Makes an account. @throws {Refusal} `bad-request`, `conflict` if the address has one; its path is the field */
	async add(given: NewPerson, who: Who): Promise<Person> {
		const { role, organisationId, password } = given;
		const email = checkEmail(given.email);
		const name = checkName(given.name);
		checkPassword(password);
		await this.#checkOrganisation(organisationId);
		await this.#checkFree(email);
		const id = randomUUID();
		const passwordDigest = await this.#digestOf(password);
		await this.#db.transaction().execute(async (trx) => {
			await insertAccount(trx, { userId: id, name, email, passwordDigest, at: new Date().toISOString() });
			await insertPerson(trx, { userId: id, organisationId, role });
			const object = { user: id, org: organisationId, role };
			await this.#audit.record({ who, action: 'person-add', object }, trx);
		});
		return { id, name, email, organisationId, role, isDisabled: false };
	}

	async #checkOrganisation(id: string | null): Promise<void> {
		if (id !== null && !(await findOrganisation(this.#db, id)))
			throw new Refusal('bad-request', `there is no organisation ${id}`, { path: ['organisation'] });
	}

	async #checkFree(email: string): Promise<void> {
		if (await findPersonByEmail(this.#db, email))
			throw new Refusal('conflict', `${email} has an account already`, { path: ['email'] });
	}

	async #digestOf(password: string): Promise<string> {
		return (await this.#auth.$context).password.hash(password);
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

	/** Puts right what is known of a person. @throws {Refusal} `not-found`, `bad-request`, `conflict` */
	async change(email: string, change: PersonChange, who: Who): Promise<Person> {
		const before = await this.getByEmail(email);
		const after = { ...before, ...change };
		after.email = checkEmail(after.email);
		after.name = checkName(after.name);
		await this.#checkOrganisation(after.organisationId);
		if (after.email !== before.email) await this.#checkFree(after.email);
		const { id: userId, role, organisationId } = after;
		const object = { user: userId, org: organisationId, role, was: before.role };
		await this.#db.transaction().execute(async (trx) => {
			await updateNameAndEmail(trx, { ...after, userId, at: new Date().toISOString() });
			await updatePerson(trx, { userId, organisationId, role });
			await this.#audit.record({ who, action: 'person-change', object }, trx);
		});
		return after;
	}

	/** Gives a person a new password; their sessions end. @throws {Refusal} `not-found`, `bad-request` */
	async setPassword(email: string, password: string, who: Who): Promise<Person> {
		const person = await this.getByEmail(email);
		checkPassword(password);
		const passwordDigest = await this.#digestOf(password);
		await this.#db.transaction().execute(async (trx) => {
			const at = new Date().toISOString();
			await updatePasswordDigest(trx, { userId: person.id, passwordDigest, at });
			await deleteSessionsOf(trx, person.id);
			await this.#audit.record({ who, action: 'password-change', object: { user: person.id } }, trx);
		});
		return person;
	}

	/** Shuts an account: its sessions and tokens end, and open sockets close within moments. */
	async disable(email: string, who: Who): Promise<Person> {
		const person = await this.getByEmail(email);
		await this.#db.transaction().execute(async (trx) => {
			await shut(trx, person.id);
			await this.#audit.record({ who, action: 'person-disable', object: { user: person.id } }, trx);
		});
		return { ...person, isDisabled: true };
	}

	/**
	 * Forgets a person: name, address, password, organisation and memberships go, the id stays where it stands in
	 * documents, journal, history and audit. There is no way back.
	 */
	async erase(email: string, who: Who): Promise<Person> {
		const { id: userId, role } = await this.getByEmail(email);
		const erased = { name: ERASED_NAME, email: `${userId}@erased.invalid` };
		await this.#db.transaction().execute(async (trx) => {
			await updateNameAndEmail(trx, { userId, ...erased, at: new Date().toISOString() });
			await updatePerson(trx, { userId, organisationId: null, role: 'viewer' });
			await shut(trx, userId);
			await deleteCredentials(trx, userId);
			await deleteMembershipsOf(trx, userId);
			await deleteVisitsOf(trx, userId);
			await this.#audit.record({ who, action: 'person-erase', object: { user: userId, was: role } }, trx);
		});
		return { id: userId, ...erased, organisationId: null, role: 'viewer', isDisabled: true };
	}

	/** All that is kept of a person outside of the boards' own history. @throws {Refusal} `not-found` */
	async describe(email: string) {
		const person = await this.getByEmail(email);
		return {
			...person,
			memberships: await listMembershipsOf(this.#db, person.id),
			sessions: await listSessionsOf(this.#db, person.id)
		};
	}

	/** Mail addresses of people, by id. */
	async emails(userIds: ReadonlySet<string>): Promise<Map<string, string>> {
		return new Map((await listPeople(this.#db, userIds)).map(({ id, email }) => [id, email]));
	}

	/** What others may see of a person, if there is such a person. */
	profile(userId: string): Promise<Profile | undefined> {
		return this.#profiles.add(userId);
	}

	/** What others may see of people: of these, or of everybody. */
	async profiles(userIds?: ReadonlySet<string>): Promise<Map<string, Profile>> {
		const organisations = new Map((await listOrganisations(this.#db)).map((known) => [known.id, known]));
		const people = await listPeople(this.#db, userIds);
		return new Map(
			people.map((person) => [person.id, profileOf(person, organisations.get(person.organisationId ?? ''))])
		);
	}
}

async function shut(trx: DatabaseHandle, userId: string): Promise<void> {
	const now = new Date().toISOString();
	await disablePerson(trx, userId, now);
	await revokeTokensOf(trx, userId, now);
	await deleteSessionsOf(trx, userId);
}
