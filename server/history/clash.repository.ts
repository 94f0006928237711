import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { ClashChoice } from '#domain/clash.ts';
import type { RecordedChange } from '#domain/change.ts';
import { KIND_CODES, UNCHANGING_CODES } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import { insertRows } from '#server/database/insert-rows.ts';
import { type ChangeRow, fromRows } from './change-row.ts';
import { findTerms } from './change-terms.repository.ts';

/** Somebody's word that a clash is to stay as it is. */
export interface Settlement {
	seq: number;
	index: number;
	userId: string;
	/** ISO 8601 UTC. */
	settledAt: string;
	choice: ClashChoice;
}

type Clashes = SelectQueryBuilder<Database, 'change', ChangeRow>;

const CLASH = sql.lit(KIND_CODES.clash);

/** The clashes of a board that nobody has settled, and whose place nobody has changed since; newest first. */
export async function listOpenClashes(
	db: Kysely<Database>,
	boardId: string,
	limit: number
): Promise<RecordedChange[]> {
	const clashes = await openClashesOf(db, boardId);
	return fromRows(db, await clashes.orderBy('seq', 'desc').orderBy('index', 'asc').limit(limit).execute());
}

/** The same among the clashes of one entry. */
export async function listOpenClashesOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<RecordedChange[]> {
	const clashes = await openClashesOf(db, boardId);
	return fromRows(db, await clashes.where('seq', '=', seq).orderBy('index', 'asc').execute());
}

/** All clashes of one entry, whatever became of them. */
export async function listClashesOf(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<RecordedChange[]> {
	const { board } = await findTerms(db, boardId);
	return fromRows(db, await clashesOf(db, board).where('seq', '=', seq).execute());
}

async function openClashesOf(db: Kysely<Database>, boardId: string): Promise<Clashes> {
	const { board } = await findTerms(db, boardId);
	return undecided(unsettled(clashesOf(db, board), boardId));
}

function clashesOf(db: Kysely<Database>, board: number): Clashes {
	return db.selectFrom('change').selectAll('change').where('board', '=', board).where('kind', '=', CLASH);
}

function unsettled(clashes: Clashes, boardId: string): Clashes {
	return clashes.where(({ not, exists, selectFrom }) =>
		not(
			exists(
				selectFrom('clash_settlement as settlement')
					.select('settlement.seq')
					.where('settlement.board_id', '=', boardId)
					.whereRef('settlement.seq', '=', 'change.seq')
					.whereRef('settlement.index', '=', 'change.index')
			)
		)
	);
}

/**
 * What `isDecidedBy` of the domain says, in the database's words. What is about no project is about the board, so that
 * one index leads to what came later of either; only there does the stage tell places apart.
 */
function undecided(clashes: Clashes): Clashes {
	return clashes.where(({ not, exists, selectFrom }) => {
		const later = selectFrom('change as later')
			.select('later.seq')
			.whereRef('later.project', '=', 'change.project')
			.whereRef('later.seq', '>', 'change.seq')
			.where('later.kind', 'not in', UNCHANGING_CODES)
			.where(({ or, eb, ref }) =>
				or([eb('change.project', '<>', ref('change.board')), eb('later.stage', '=', ref('change.stage'))])
			)
			.where(({ eb, or, and, ref }) =>
				or([
					eb('later.field', '=', 0),
					and([
						eb('later.field', '=', ref('change.field')),
						or([eb('change.member', '=', ''), eb('later.member', '=', ref('change.member'))])
					])
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
