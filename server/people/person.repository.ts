import type { Kysely } from 'kysely';
import { isRole, type Role } from '#domain/roles.ts';
import type { Database } from '#server/database/database.ts';

export interface Person {
	id: string;
	name: string;
	email: string;
	organisationId: string | null;
	role: Role;
	isDisabled: boolean;
}

const select = (db: Kysely<Database>) =>
	db
		.selectFrom('user')
		.leftJoin('person', 'person.user_id', 'user.id')
		.select([
			'user.id',
			'user.name',
			'user.email',
			'person.organisation_id',
			'person.role',
			'person.disabled_at'
		]);

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function fromRow(row: Row): Person {
	return {
		id: row.id,
		name: row.name,
		email: row.email,
		organisationId: row.organisation_id,
		role: isRole(row.role) ? row.role : 'viewer',
		isDisabled: row.disabled_at !== null
	};
}

/** More ids than this are looked up by reading everybody. */
const IDS_MAX = 1_000;

/** People by address: everybody with an account, or those with one of the ids. */
export async function listPeople(db: Kysely<Database>, ids?: ReadonlySet<string>): Promise<Person[]> {
	const isFew = ids !== undefined && ids.size <= IDS_MAX;
	if (isFew && ids.size === 0) return [];
	const query = isFew ? select(db).where('user.id', 'in', [...ids]) : select(db);
	const people = (await query.orderBy('user.email').execute()).map(fromRow);
	return ids ? people.filter(({ id }) => ids.has(id)) : people;
}

/** The people with some ids, each in its id's place. */
export async function findPeople(
	db: Kysely<Database>,
	ids: readonly string[]
): Promise<(Person | undefined)[]> {
	const byId = new Map((await listPeople(db, new Set(ids))).map((person) => [person.id, person]));
	return ids.map((id) => byId.get(id));
}

/** A person by id. */
export async function findPerson(db: Kysely<Database>, userId: string): Promise<Person | undefined> {
	const row = await select(db).where('user.id', '=', userId).executeTakeFirst();
	return row && fromRow(row);
}

/** A person by mail address, whatever its case. */
export async function findPersonByEmail(db: Kysely<Database>, email: string): Promise<Person | undefined> {
	const row = await select(db).where('user.email', '=', email.toLowerCase()).executeTakeFirst();
	return row && fromRow(row);
}

/** Keeps what the program knows of a person beside their sign-in. */
export async function insertPerson(
	db: Kysely<Database>,
	person: { userId: string; organisationId: string | null; role: Role }
): Promise<void> {
	await db
		.insertInto('person')
		.values({
			user_id: person.userId,
			organisation_id: person.organisationId,
			role: person.role,
			disabled_at: null
		})
		.execute();
}

/** Replaces a person's organisation and role in the program. */
export async function updatePerson(
	db: Kysely<Database>,
	person: { userId: string; organisationId: string | null; role: Role }
): Promise<void> {
	await db
		.updateTable('person')
		.set({ organisation_id: person.organisationId, role: person.role })
		.where('user_id', '=', person.userId)
		.execute();
}

/** Marks a person as disabled. */
export async function disablePerson(db: Kysely<Database>, userId: string, at: string): Promise<void> {
	await db.updateTable('person').set({ disabled_at: at }).where('user_id', '=', userId).execute();
}
