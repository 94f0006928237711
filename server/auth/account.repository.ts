import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

/** better-auth's word for signing in by mail address and password. */
const PASSWORD_PROVIDER = 'credential';

/** Keeps a new account as better-auth reads it: the person and the digest of their password. */
export async function insertAccount(
	db: Kysely<Database>,
	account: { userId: string; name: string; email: string; passwordDigest: string; at: string }
): Promise<void> {
	const times = { createdAt: account.at, updatedAt: account.at };
	const { userId, name, email } = account;
	await db
		.insertInto('user')
		.values({ id: userId, name, email, emailVerified: true, image: null, ...times })
		.execute();
	await db
		.insertInto('account')
		.values({
			id: randomUUID(),
			accountId: userId,
			providerId: PASSWORD_PROVIDER,
			userId,
			password: account.passwordDigest,
			...times
		})
		.execute();
}

/** The digest of a person's password. */
export async function findPasswordDigest(db: Kysely<Database>, userId: string): Promise<string | undefined> {
	const row = await db
		.selectFrom('account')
		.select('password')
		.where('userId', '=', userId)
		.where('providerId', '=', PASSWORD_PROVIDER)
		.executeTakeFirst();
	return row?.password ?? undefined;
}

/** Replaces the digest of a person's password. */
export async function updatePasswordDigest(
	db: Kysely<Database>,
	account: { userId: string; passwordDigest: string; at: string }
): Promise<void> {
	await db
		.updateTable('account')
		.set({ password: account.passwordDigest, updatedAt: account.at })
		.where('userId', '=', account.userId)
		.where('providerId', '=', PASSWORD_PROVIDER)
		.execute();
}

/** Replaces a person's name and mail address. */
export async function updateNameAndEmail(
	db: Kysely<Database>,
	account: { userId: string; name: string; email: string; at: string }
): Promise<void> {
	await db
		.updateTable('user')
		.set({ name: account.name, email: account.email, updatedAt: account.at })
		.where('id', '=', account.userId)
		.execute();
}

/** Takes away what a person signs in with. */
export async function deleteCredentials(db: Kysely<Database>, userId: string): Promise<void> {
	await db.deleteFrom('account').where('userId', '=', userId).execute();
}
