import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

/**
 * Notes that somebody is on a board.
 * @param pausedSince who was not seen since then comes anew: the visit before is over
 * @returns when they were last seen in the visit before this one; null = this is the first
 */
export async function noteVisit(
	db: Kysely<Database>,
	{ boardId, userId, at, pausedSince }: { boardId: string; userId: string; at: string; pausedSince: string }
): Promise<string | null> {
	const row = await db
		.insertInto('board_visit')
		.values({ board_id: boardId, user_id: userId, seen_at: at, before_at: null })
		.onConflict((conflict) =>
			conflict.columns(['board_id', 'user_id']).doUpdateSet((eb) => ({
				seen_at: at,
				before_at: eb
					.case()
					.when('board_visit.seen_at', '<', pausedSince)
					.then(eb.ref('board_visit.seen_at'))
					.else(eb.ref('board_visit.before_at'))
					.end()
			}))
		)
		.returning('before_at')
		.executeTakeFirstOrThrow();
	return row.before_at;
}

/** Forgets when somebody was on boards. */
export async function deleteVisitsOf(db: Kysely<Database>, userId: string): Promise<void> {
	await db.deleteFrom('board_visit').where('user_id', '=', userId).execute();
}
