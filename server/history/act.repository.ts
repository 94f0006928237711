import type { Kysely, Transaction } from 'kysely';
import type { ActKind, Change, RecordedChange } from '#domain/change.ts';
import type { ChangeTable, Database } from '#server/database/database.ts';
import { fromRow, toRow } from './change-row.ts';
import { ABOUT_NOTHING } from './recorded-change.ts';
import { SESSION_END_INDEX } from './working-session.ts';

/** What somebody did about a board without changing it; what is left out is nothing. */
export type Act = Partial<Omit<Change, 'kind'>> & { kind: ActKind; at: string; actorId: string };

/** Keeps an act behind the board's last entry and the acts before it, for good and among the change rows. */
export async function insertAct(
	trx: Transaction<Database>,
	boardId: string,
	act: Act
): Promise<RecordedChange> {
	for (;;) {
		const change = { ...ABOUT_NOTHING, ...act, ...(await nextPlace(trx, boardId)) };
		const row = toRow(boardId, change);
		const { numInsertedOrUpdatedRows } = await trx
			.insertInto('board_act')
			.values(row)
			.onConflict((conflict) => conflict.doNothing())
			.executeTakeFirst();
		if (numInsertedOrUpdatedRows !== 1n) continue; // another act took the place meanwhile
		await trx.insertInto('change').values(row).execute();
		return fromRow(row);
	}
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

const COLUMNS = [
	'board_id',
	'seq',
	'index',
	'at',
	'dated',
	'document_date',
	'actor_id',
	'kind',
	'project_id',
	'project_name',
	'stage_id',
	'field',
	'member',
	'before',
	'after'
] as const satisfies (keyof ChangeTable)[];

/** Puts a board's acts among its change rows again, once these have been dropped. */
export async function copyActs(trx: Transaction<Database>, boardId: string): Promise<void> {
	await trx
		.insertInto('change')
		.columns(COLUMNS)
		.expression((eb) => eb.selectFrom('board_act').select(COLUMNS).where('board_id', '=', boardId))
		.onConflict((conflict) => conflict.doNothing()) // one that has just been kept stands there already
		.execute();
}
