import { type Expression, type Kysely, sql } from 'kysely';
import { CHANGE_KINDS, type ChangeKind } from '#domain/change.ts';
import { KIND_CODES } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import type { ChangeQuery } from './change-query.ts';
import { type Condition, type Run, runOf, type Topic } from './change-runs.repository.ts';
import { findTerms } from './change-terms.repository.ts';

/** What is asked for in one respect: as runs that an index has, and as a condition on rows another one leads to. */
export interface Filter {
	runs: Run[];
	fits: Condition;
}

/** What a question asks for in each respect but time. */
export async function findFilters(
	db: Kysely<Database>,
	boardId: string,
	{ projects, actors, kinds, field }: ChangeQuery
): Promise<{ board: number; filters: Filter[] }> {
	const texts = [...(projects ?? []), ...(actors ?? []), ...(field ? [field] : [])];
	const { board, of } = await findTerms(db, boardId, texts);
	const idsOf = (texts: readonly string[]) => texts.map(of).filter((id) => id > 0);
	const filters: Filter[] = [];
	if (projects) filters.push(oneOf('project', idsOf(projects), runOf.project));
	if (actors) filters.push(oneOf('actor', idsOf(actors), (id) => runOf.actor(board, id)));
	if (kinds ?? field) filters.push(await findTopics(db, board, kinds, field && of(field)));
	return { board, filters };
}

/** Adding nothing to a column keeps a database from choosing its index where another one leads. */
const apart = (column: 'project' | 'actor' | 'kind' | 'field') => sql<number>`${sql.ref(column)} + 0`;

function oneOf(column: 'project' | 'actor', ids: readonly number[], run: (id: number) => Run): Filter {
	return { runs: ids.map(run), fits: (eb) => eb(apart(column), 'in', ids) };
}

/** Kinds, and within them fields, that a board has rows of: found by leaping along their index. */
async function findTopics(
	db: Kysely<Database>,
	board: number,
	kinds: readonly string[] = CHANGE_KINDS,
	field?: number | ''
): Promise<Filter> {
	const codes = kinds.map((kind) => KIND_CODES[kind as ChangeKind]);
	const asked = sql.join(codes.map((code) => sql`(${sql.lit(code)})`));
	const next = (after: Expression<unknown>) => sql<number | null>`(select min(change.field) from change
		where change.board = ${board} and change.kind = topic.kind and change.field > ${after})`;
	const rows = await db
		.withRecursive('asked(kind)', () => sql<{ kind: number }>`(values ${asked})`)
		.withRecursive('topic(kind, field)', (qc) =>
			qc
				.selectFrom('asked as topic')
				.select(['topic.kind', next(sql`-1`).as('field')])
				.unionAll(
					qc
						.selectFrom('topic')
						.where('topic.field', 'is not', null)
						.select(['topic.kind', next(sql`topic.field`).as('field')])
				)
		)
		.selectFrom('topic')
		.select(['kind', 'field'])
		.where('field', 'is not', null)
		.execute();
	const topics = rows.filter((topic) => !field || topic.field === field) as Topic[];
	return {
		runs: topics.map((topic) => runOf.topic(board, topic)),
		fits: (eb) => {
			const isOfKind = eb(apart('kind'), 'in', codes);
			return field ? eb.and([isOfKind, eb(apart('field'), '=', field)]) : isOfKind;
		}
	};
}
