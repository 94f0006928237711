import {
	type Expression,
	type ExpressionBuilder,
	type Kysely,
	type RawBuilder,
	type SelectQueryBuilder,
	sql,
	type SqlBool
} from 'kysely';
import type { ChangeTable, Database } from '#server/database/database.ts';
import { isPostgres } from '#server/database/is-postgres.ts';

export type Condition = (eb: ExpressionBuilder<Database, 'change'>) => Expression<SqlBool>;

/**
 * Rows that an index has in the order of one of the two clocks: those of a project, of a person, of a kind and field, or
 * all of a board. Keys of indexes are coarse (decision 13), each for so many numbers; by the entry on PostgreSQL alone.
 */
export interface Run {
	rows: Condition;
	by: 'seq' | 'dated';
	/** How many bits of the number its coarse key lacks. */
	coarseBits: number;
}

/** Part of a run: inclusive and exclusive. */
export interface Stretch {
	from?: number | undefined;
	below?: number | undefined;
}

/** What a change did, as the index of kinds has it. */
export interface Topic {
	kind: number;
	field: number;
}

const COARSE_BITS = { entry: 7, project: 18, actor: 16, kind: 12, dated: 22 };
/** Those of entries are kept in four bytes. */
const COARSE_MAX = 2 ** 31 - 1;

export const runOf = {
	project: (id: number): Run => ({
		rows: (eb) => eb('project', '=', id),
		by: 'seq',
		coarseBits: COARSE_BITS.project
	}),
	actor: (board: number, id: number): Run => ({
		rows: (eb) => eb.and([eb('board', '=', board), eb('actor', '=', id)]),
		by: 'seq',
		coarseBits: COARSE_BITS.actor
	}),
	topic: (board: number, { kind, field }: Topic): Run => ({
		rows: (eb) => eb.and([eb('board', '=', board), eb('kind', '=', kind), eb('field', '=', field)]),
		by: 'seq',
		coarseBits: COARSE_BITS.kind
	}),
	entered: (board: number): Run => ({
		rows: (eb) => eb('board', '=', board),
		by: 'seq',
		coarseBits: COARSE_BITS.entry
	}),
	dated: (board: number): Run => ({
		rows: (eb) => eb('board', '=', board),
		by: 'dated',
		coarseBits: COARSE_BITS.dated
	})
};

/** Where a row stands in time, as its index has it: the dated code of a document's date, else of the change. */
export const DATED = sql<number>`(case document_date when 0 then (at + 1) * 4 else document_date end)`;

/** The same of a row that was read. */
export const datedOf = (row: Pick<ChangeTable, 'at' | 'document_date'>): number =>
	row.document_date === 0 ? (row.at + 1) * 4 : row.document_date;

/** A choice among the change rows. */
export type Changes<Row> = SelectQueryBuilder<Database, 'change', Row>;

/** What a run is ordered by. */
export const keyOf = ({ by }: Pick<Run, 'by'>) => (by === 'dated' ? DATED : sql<number>`seq`);

/** The coarse key a run's index has; undefined if it has the number itself. */
function coarseKeyOf(db: Kysely<Database>, { by, coarseBits }: Run): RawBuilder<number> | undefined {
	const bits = sql.lit(coarseBits);
	if (by === 'dated') return sql`(${DATED} >> ${bits})`;
	return isPostgres(db) ? sql`((seq >> ${bits})::integer)` : undefined;
}

/** A stretch of a run, the newest entries first, as its index has it. */
export function newestFirst<Row>(
	db: Kysely<Database>,
	select: Changes<Row>,
	run: Run,
	{ from, below }: Stretch
): Changes<Row> {
	const key = keyOf(run);
	let rows = select.where(run.rows);
	const coarse = coarseKeyOf(db, run);
	if (coarse) {
		const shifted = (bound: number) => Math.min(Math.floor(bound / 2 ** run.coarseBits), COARSE_MAX);
		if (from !== undefined) rows = rows.where(sql<boolean>`${coarse} >= ${shifted(from)}`);
		if (below !== undefined) rows = rows.where(sql<boolean>`${coarse} <= ${shifted(below)}`);
		rows = rows.orderBy(coarse, 'desc');
	}
	if (from !== undefined) rows = rows.where(sql<boolean>`${key} >= ${from}`);
	if (below !== undefined) rows = rows.where(sql<boolean>`${key} < ${below}`);
	rows = rows.orderBy(key, 'desc');
	return run.by === 'dated' ? rows.orderBy('seq', 'desc') : rows;
}
