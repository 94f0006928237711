import { type Kysely, sql } from 'kysely';
import type { Database } from '#server/database/database.ts';

/**
 * Number of the last entry of a board that had come by each of some moments; 0 = none had. All moments are searched for
 * at once by halving, along the journal's own key: a million entries take twenty steps, and no index has to be kept for
 * it. Where a clock was set back, one of the entries that fit is found.
 * @param moments ISO 8601 UTC
 * @param head number of the board's last entry
 */
export async function findSeqsAt(
	db: Kysely<Database>,
	boardId: string,
	{ moments, head }: { moments: readonly string[]; head: number }
): Promise<number[]> {
	if (moments.length === 0) return [];
	const asked = sql.join(moments.map((at, n) => sql`(${sql.lit(n)}, cast(${at} as text))`));
	const { rows } = await sql<{ n: number; seq: number }>`
		with recursive asked(n, moment) as (values ${asked}),
		search(n, moment, low, high) as (
			select n, moment, cast(0 as bigint), cast(${sql.lit(head)} as bigint) from asked
			union all
			select n, moment,
				case when received_at <= moment then journal.seq else low end,
				case when received_at <= moment then high else journal.seq - 1 end
			from search
			join journal on journal.board_id = ${boardId} and journal.seq = (low + high + 1) / 2
			where low < high
		)
		select n, low as seq from search where low = high order by n`.execute(db);
	return rows.map(({ seq }) => Number(seq));
}

/** When an entry came. */
export async function findTimeOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<string | undefined> {
	const row = await db
		.selectFrom('journal')
		.select('received_at')
		.where('board_id', '=', boardId)
		.where('seq', '=', seq)
		.executeTakeFirst();
	return row?.received_at;
}
