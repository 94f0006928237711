import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

/** Keeps a token's digest. */
export async function insertToken(
	db: Kysely<Database>,
	token: { id: string; userId: string; digest: string; at: string }
): Promise<void> {
	await db
		.insertInto('access_token')
		.values({
			id: token.id,
			user_id: token.userId,
			digest: token.digest,
			created_at: token.at,
			last_used_at: null,
			revoked_at: null
		})
		.execute();
}

/** The tokens with some digests that were not revoked, each in its digest's place. */
export async function listTokensByDigest(
	db: Kysely<Database>,
	digests: readonly string[]
): Promise<({ id: string; userId: string } | undefined)[]> {
	const rows = await db
		.selectFrom('access_token')
		.select(['digest', 'id', 'user_id'])
		.where('digest', 'in', [...new Set(digests)])
		.where('revoked_at', 'is', null)
		.execute();
	const byDigest = new Map(rows.map(({ digest, id, user_id }) => [digest, { id, userId: user_id }]));
	return digests.map((digest) => byDigest.get(digest));
}

/** Takes down when some tokens were last used. */
export async function touchTokens(db: Kysely<Database>, ids: ReadonlySet<string>, at: string): Promise<void> {
	await db
		.updateTable('access_token')
		.set({ last_used_at: at })
		.where('id', 'in', [...ids])
		.execute();
}

/** Which of some tokens still stand. */
export async function listGoodTokens(db: Kysely<Database>, ids: readonly string[]): Promise<string[]> {
	if (ids.length === 0) return [];
	const rows = await db
		.selectFrom('access_token')
		.select('id')
		.where('id', 'in', ids)
		.where('revoked_at', 'is', null)
		.execute();
	return rows.map(({ id }) => id);
}

/** A token without its secret. */
export interface TokenRecord {
	id: string;
	userId: string;
	createdAt: string;
	lastUsedAt: string | null;
}

/** The tokens that stand, oldest first. */
export async function listTokens(db: Kysely<Database>): Promise<TokenRecord[]> {
	const rows = await db
		.selectFrom('access_token')
		.select(['id', 'user_id', 'created_at', 'last_used_at'])
		.where('revoked_at', 'is', null)
		.orderBy('created_at')
		.execute();
	return rows.map((row) => ({
		id: row.id,
		userId: row.user_id,
		createdAt: row.created_at,
		lastUsedAt: row.last_used_at
	}));
}

/** Revokes one token; false if none stood. */
export async function revokeToken(db: Kysely<Database>, id: string, at: string): Promise<boolean> {
	const result = await db
		.updateTable('access_token')
		.set({ revoked_at: at })
		.where('id', '=', id)
		.where('revoked_at', 'is', null)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Revokes every token of a person. */
export async function revokeTokensOf(db: Kysely<Database>, userId: string, at: string): Promise<void> {
	await db
		.updateTable('access_token')
		.set({ revoked_at: at })
		.where('user_id', '=', userId)
		.where('revoked_at', 'is', null)
		.execute();
}
