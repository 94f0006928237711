import {
	type Expression,
	type ExpressionBuilder,
	type Kysely,
	PostgresAdapter,
	type SelectQueryBuilder,
	sql,
	type SqlBool
} from 'kysely';
import type { ChangeTable, Database } from '#server/database/database.ts';

export type Condition = (eb: ExpressionBuilder<Database, 'change'>) => Expression<SqlBool>;

/**
 * Rows that an index has in the order of one of the two clocks: those of a project, of a person, of a kind and field, or
 * all of a board. Keys of indexes are coarse (migration 0009), each for so many numbers; by the entry on PostgreSQL alone.
 */
export interface Run {
	rows: Condition;
	by: 'seq' | 'dated';
	/** How many bits of the number a coarse key lacks; 0 = there is none. */
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

const COARSE_BITS = { project: 16, actor: 12, kind: 12, dated: 22 };

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
	entered: (board: number): Run => ({ rows: (eb) => eb('board', '=', board), by: 'seq', coarseBits: 0 }),
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

/** A stretch of a run, newest first, as its index has it. */
export function newestFirst<Row>(
	db: Kysely<Database>,
	select: Changes<Row>,
	run: Run,
	{ from, below }: Stretch
): Changes<Row> {
	const key = keyOf(run);
	const keys = [key];
	const isCoarse = run.by === 'dated' || db.getExecutor().adapter instanceof PostgresAdapter;
	if (run.coarseBits > 0 && isCoarse) keys.unshift(sql<number>`(${key} >> ${sql.lit(run.coarseBits)})`);
	let rows = select.where(run.rows);
	for (const [index, each] of keys.entries()) {
		const isKey = index < keys.length - 1;
		const shift = (bound: number) => (isKey ? Math.floor(bound / 2 ** run.coarseBits) : bound);
		if (from !== undefined) rows = rows.where(sql<boolean>`${each} >= ${shift(from)}`);
		if (below !== undefined)
			rows = rows.where(isKey ? sql<boolean>`${each} <= ${shift(below)}` : sql<boolean>`${each} < ${below}`);
		rows = rows.orderBy(each, 'desc');
	}
	if (run.by === 'dated') rows = rows.orderBy('seq', 'desc');
	return rows.orderBy('index', 'asc');
}
