import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { ClashChoice } from '#domain/clash.ts';
import { type RecordedChange, UNCHANGING_KINDS } from '#domain/change.ts';
import type { ChangeTable, Database } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import { fromRow } from './change-row.ts';

/** Somebody's word that a clash is to stay as it is. */
export interface Settlement {
	seq: number;
	index: number;
	userId: string;
	/** ISO 8601 UTC. */
	settledAt: string;
	choice: ClashChoice;
}

type Clashes = SelectQueryBuilder<Database, 'change', ChangeTable>;

/** The clashes of a board that nobody has settled, and whose place nobody has changed since; newest first. */
export async function listOpenClashes(
	db: Kysely<Database>,
	boardId: string,
	limit: number
): Promise<RecordedChange[]> {
	const clashes = undecided(unsettled(clashesOf(db, boardId)));
	const rows = await clashes.orderBy('seq', 'desc').orderBy('index', 'asc').limit(limit).execute();
	return rows.map(fromRow);
}

/** The same among the clashes of one entry. */
export async function listOpenClashesOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<RecordedChange[]> {
	const ofEntry = clashesOf(db, boardId).where('seq', '=', seq);
	return (await undecided(unsettled(ofEntry)).orderBy('index', 'asc').execute()).map(fromRow);
}

/** All clashes of one entry, whatever became of them. */
export async function listClashesOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<RecordedChange[]> {
	return (await clashesOf(db, boardId).where('seq', '=', seq).execute()).map(fromRow);
}

function clashesOf(db: Kysely<Database>, boardId: string): Clashes {
	return db.selectFrom('change').selectAll().where('board_id', '=', boardId).where('kind', '=', 'clash');
}

function unsettled(clashes: Clashes): Clashes {
	return clashes.where(({ not, exists, selectFrom }) =>
		not(
			exists(
				selectFrom('clash_settlement as settlement')
					.select('settlement.seq')
					.whereRef('settlement.board_id', '=', 'change.board_id')
					.whereRef('settlement.seq', '=', 'change.seq')
					.whereRef('settlement.index', '=', 'change.index')
			)
		)
	);
}

/**
 * What `isDecidedBy` of the domain says, in the database's words. Of a project and of the layout apart, since an index
 * leads to either.
 */
function undecided(clashes: Clashes): Clashes {
	return clashes
		.where(({ not, exists, selectFrom }) => {
			const later = selectFrom('change as later')
				.select('later.seq')
				.whereRef('later.board_id', '=', 'change.board_id')
				.whereRef('later.project_id', '=', 'change.project_id')
				.whereRef('later.seq', '>', 'change.seq')
				.where('later.kind', 'not in', UNCHANGING_KINDS)
				.where(({ eb, or, and, ref }) =>
					or([
						eb('later.field', 'is', null),
						and([
							eb('later.field', '=', ref('change.field')),
							or([eb('change.member', 'is', null), eb('later.member', '=', ref('change.member'))])
						])
					])
				);
			return not(exists(later));
		})
		.where(({ not, exists, selectFrom }) => {
			const later = selectFrom('change as later')
				.select('later.seq')
				.whereRef('later.board_id', '=', 'change.board_id')
				.where('change.project_id', 'is', null)
				.where('later.project_id', 'is', null)
				.whereRef('later.seq', '>', 'change.seq')
				.where('later.kind', 'not in', UNCHANGING_KINDS)
				.where(({ eb, or, and, ref }) =>
					and([
						or([
							eb('later.stage_id', '=', ref('change.stage_id')),
							and([eb('later.stage_id', 'is', null), eb('change.stage_id', 'is', null)])
						]),
						or([eb('later.field', 'is', null), eb('later.field', '=', ref('change.field'))])
					])
				);
			return not(exists(later));
		});
}

/** Keeps what somebody said of clashes; the primary key refuses a second word on one of them. */
export function insertSettlements(
	db: Kysely<Database>,
	boardId: string,
	settlements: readonly Settlement[]
): Promise<void> {
	const rows = settlements.map(({ seq, index, userId, settledAt, choice }) => ({
		board_id: boardId,
		seq,
		index,
		user_id: userId,
		settled_at: settledAt,
		choice
	}));
	return insertRows(db, 'clash_settlement', rows);
}
