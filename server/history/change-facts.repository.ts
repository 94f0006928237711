import { type Expression, type Kysely, sql } from 'kysely';
import type { RecordedChange } from '#domain/change.ts';
import { KIND_CODES, type NewestSought } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import { fromRows } from './change-row.ts';
import { newestFirst, runOf } from './change-runs.repository.ts';
import { findTerms, readTerms } from './change-terms.repository.ts';

/** The newest change of a kind of each project that has one, up to an entry. */
export async function listNewest(
	db: Kysely<Database>,
	boardId: string,
	{ kind, upToSeq }: { kind: NewestSought; upToSeq?: number | undefined }
): Promise<RecordedChange[]> {
	const { board } = await findTerms(db, boardId);
	const code = sql.lit(KIND_CODES[kind]);
	let ofThem = db
		.selectFrom('change')
		.select(({ fn }) => ['project', fn.max('seq').as('seq')])
		.where('board', '=', board)
		.where('kind', '=', code);
	if (upToSeq !== undefined) ofThem = ofThem.where('seq', '<=', upToSeq);
	const newest = ofThem.groupBy('project').as('newest');
	const rows = await db
		.selectFrom(newest)
		.crossJoin('change') // in this order, as SQLite takes it: each of the newest is looked up
		.selectAll('change')
		.where('change.board', '=', board)
		.where('change.kind', '=', code)
		.whereRef('change.project', '=', 'newest.project')
		.whereRef('change.seq', '=', 'newest.seq')
		.execute();
	return fromRows(db, rows);
}

/** Everybody who ever changed a board, found by leaping along their index. */
export async function listActors(db: Kysely<Database>, boardId: string): Promise<string[]> {
	const { board } = await findTerms(db, boardId);
	const next = (after: Expression<unknown>) => sql<number | null>`(select min(change.actor) from change
		where change.board = ${board} and change.actor > ${after})`;
	const rows = await db
		.withRecursive('person(actor)', (qc) =>
			qc.selectNoFrom(next(sql`0`).as('actor')).unionAll(
				qc
					.selectFrom('person')
					.where('person.actor', 'is not', null)
					.select(next(sql`person.actor`).as('actor'))
			)
		)
		.selectFrom('person')
		.select('actor')
		.where('actor', 'is not', null)
		.execute();
	const textOf = await readTerms(
		db,
		rows.map(({ actor }) => actor!)
	);
	return rows.map(({ actor }) => textOf(actor!) ?? '');
}

/** What stages a board ever had are called, in the order of the changes that say so. */
export async function listStageChanges(db: Kysely<Database>, boardId: string): Promise<RecordedChange[]> {
	const { board } = await findTerms(db, boardId);
	const kinds = ['stage-added', 'stage-changed', 'stage-removed'] as const;
	const rows = await db
		.selectFrom('change')
		.selectAll()
		.where('board', '=', board)
		.where(
			'kind',
			'in',
			kinds.map((kind) => KIND_CODES[kind])
		)
		.execute();
	// few, so that they are sorted here: asked for an order, SQLite would read all rows of the board in it
	return fromRows(
		db,
		rows.toSorted((a, b) => a.seq - b.seq || a.index - b.index)
	);
}

/** The newest entry of a board that a change row speaks of; 0 = none. */
export async function findLastChangeSeq(db: Kysely<Database>, boardId: string): Promise<number> {
	const { board } = await findTerms(db, boardId);
	const newest = newestFirst(db, db.selectFrom('change').select('seq'), runOf.entered(board), {});
	return (await newest.limit(1).executeTakeFirst())?.seq ?? 0;
}
