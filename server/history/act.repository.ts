import type { Kysely, Transaction } from 'kysely';
import type { ActKind, Change, RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import { lockBoards } from '#server/journal/journal.repository.ts';
import { fromActRow, toActRow } from './act-row.ts';
import { toRows } from './change-row.ts';
import { ABOUT_NOTHING } from './recorded-change.ts';
import { SESSION_END_INDEX } from './working-session.ts';

/** Rows written at a time. */
const ROWS_AT_ONCE = 256;

/** What somebody did about a board without changing it; what is left out is nothing. */
export type Act = Partial<Omit<Change, 'kind'>> & { kind: ActKind; at: string; actorId: string };

/** Keeps an act behind the board's last entry and the acts before it, for good and among the change rows. */
export async function insertAct(
	trx: Transaction<Database>,
	boardId: string,
	act: Act
): Promise<RecordedChange> {
	await lockBoards(trx, [boardId]); // so that no other act takes the place meanwhile
	const change = { ...ABOUT_NOTHING, ...act, ...(await nextPlace(trx, boardId)) };
	await trx.insertInto('board_act').values(toActRow(boardId, change)).execute();
	await insertRows(trx, 'change', await toRows(trx, boardId, [change]));
	return change;
}

async function nextPlace(db: Kysely<Database>, boardId: string): Promise<{ seq: number; index: number }> {
	const head = await db
		.selectFrom('journal')
		.select(({ fn }) => fn.max<number | null>('seq').as('seq'))
		.where('board_id', '=', boardId)
		.executeTakeFirst();
	const seq = Number(head?.seq ?? 0);
	const last = await db
		.selectFrom('board_act')
		.select(({ fn }) => fn.min<number | null>('index').as('index'))
		.where('board_id', '=', boardId)
		.where('seq', '=', seq)
		.executeTakeFirst();
	return { seq, index: (last?.index ?? SESSION_END_INDEX) - 1 };
}

/** Puts a board's acts among its change rows again, once these have been dropped. @param trx holds the board's lock */
export async function copyActs(trx: Transaction<Database>, boardId: string): Promise<void> {
	const acts = await trx.selectFrom('board_act').selectAll().where('board_id', '=', boardId).execute();
	for (let start = 0; start < acts.length; start += ROWS_AT_ONCE) {
		const portion = acts.slice(start, start + ROWS_AT_ONCE).map(fromActRow);
		await insertRows(trx, 'change', await toRows(trx, boardId, portion));
	}
}
