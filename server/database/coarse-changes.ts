import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { DatabaseKind } from './connect.ts';

/**
 * Makes what leads to the rows of the history smaller on PostgreSQL, where an entry of an index takes 28 bytes and more,
 * but some 7 where many rows have the same key: keys are coarser, that of the rows themselves is too, and texts are found
 * by a hash. That a row or a text is there once is what the lock of its board is for, under which both are written.
 */
export async function coarsenChanges(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
	if (kind === 'sqlite') return;
	for (const index of ['project', 'actor', 'kind']) await db.schema.dropIndex(`change_${index}`).execute();
	await sql`alter table change drop constraint change_pk`.execute(db);
	await sql`alter table change_term drop constraint change_term_text`.execute(db);
	// with numbers of four bytes a key has sixteen and no more
	const indexes: Record<string, RawBuilder<unknown>> = {
		entry: sql`change (board, ((seq >> 7)::integer))`,
		project: sql`change (project, ((seq >> 18)::integer))`,
		kind: sql`change (board, kind, field, ((seq >> 12)::integer))`,
		actor: sql`change (board, actor, ((seq >> 16)::integer))`,
		term_text: sql`change_term (board, hashtext(text))`
	};
	for (const [name, columns] of Object.entries(indexes))
		await sql`create index ${sql.ref(`change_${name}`)} on ${columns}`.execute(db);
}
