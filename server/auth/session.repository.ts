import type { Kysely, Selectable } from 'kysely';
import type { AuthSessionTable, Database } from '#server/database/database.ts';

/** However often it is used, a sign-in ends after this. */
export const SESSION_MAX_AGE_MS = 30 * 86_400_000;

/** Whether a session that began at a time has not lasted too long. */
export function isWithinAge(createdAt: string | Date, now: Date): boolean {
	return now.getTime() - new Date(createdAt).getTime() < SESSION_MAX_AGE_MS;
}

/** Which of some sign-in sessions exist and have not expired. */
export async function listGoodSessions(
	db: Kysely<Database>,
	ids: readonly string[],
	now: Date
): Promise<string[]> {
	if (ids.length === 0) return [];
	const rows = await db
		.selectFrom('session')
		.select(['id', 'expiresAt', 'createdAt'])
		.where('id', 'in', ids)
		.execute();
	return rows
		.filter(({ expiresAt, createdAt }) => new Date(expiresAt) > now && isWithinAge(createdAt, now))
		.map(({ id }) => id);
}

/** A sign-in session, as far as recognising somebody by it needs. */
export type SignIn = Pick<
	Selectable<AuthSessionTable>,
	'id' | 'token' | 'userId' | 'expiresAt' | 'createdAt'
>;

/** The sessions some sign-in tokens belong to, each in its token's place. */
export async function listSessionsByToken(
	db: Kysely<Database>,
	tokens: readonly string[]
): Promise<(SignIn | undefined)[]> {
	const rows = await db
		.selectFrom('session')
		.select(['id', 'token', 'userId', 'expiresAt', 'createdAt'])
		.where('token', 'in', [...new Set(tokens)])
		.execute();
	const byToken = new Map(rows.map((row) => [row.token, row]));
	return tokens.map((token) => byToken.get(token));
}

/** The id of the session a sign-in token belongs to. */
export async function findSessionId(db: Kysely<Database>, token: string): Promise<string | undefined> {
	const row = await db.selectFrom('session').select('id').where('token', '=', token).executeTakeFirst();
	return row?.id;
}

/** Ends one session; false if there was none. */
export async function deleteSession(db: Kysely<Database>, sessionId: string): Promise<boolean> {
	const result = await db.deleteFrom('session').where('id', '=', sessionId).executeTakeFirst();
	return result.numDeletedRows > 0n;
}

/** Ends every session of a person. */
export async function deleteSessionsOf(db: Kysely<Database>, userId: string): Promise<void> {
	await db.deleteFrom('session').where('userId', '=', userId).execute();
}

/** Ends every session there is. */
export async function deleteAllSessions(db: Kysely<Database>): Promise<void> {
	await db.deleteFrom('session').execute();
}

/** What is kept of a person's sign-ins. */
export async function listSessionsOf(
	db: Kysely<Database>,
	userId: string
): Promise<{ createdAt: string; address: string | null; browser: string | null }[]> {
	const rows = await db
		.selectFrom('session')
		.select(['createdAt', 'ipAddress', 'userAgent'])
		.where('userId', '=', userId)
		.orderBy('createdAt')
		.execute();
	return rows.map(({ createdAt, ipAddress, userAgent }) => ({
		createdAt: new Date(createdAt).toISOString(),
		address: ipAddress,
		browser: userAgent
	}));
}

/** Whether anybody has an account. */
export async function hasUsers(db: Kysely<Database>): Promise<boolean> {
	return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined;
}
