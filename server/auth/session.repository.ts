import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

/** Whether a sign-in session exists and has not expired. */
export async function isSessionGood(db: Kysely<Database>, sessionId: string, now: Date): Promise<boolean> {
	const row = await db
		.selectFrom('session')
		.select('expiresAt')
		.where('id', '=', sessionId)
		.executeTakeFirst();
	return row !== undefined && new Date(row.expiresAt) > now;
}

/** Ends every session of a person. */
export async function deleteSessionsOf(db: Kysely<Database>, userId: string): Promise<void> {
	await db.deleteFrom('session').where('userId', '=', userId).execute();
}

/** Whether anybody has an account. */
export async function hasUsers(db: Kysely<Database>): Promise<boolean> {
	return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined;
}
