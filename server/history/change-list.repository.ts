import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Expression, type Kysely, sql } from 'kysely';
import { CHANGE_KINDS, type ChangeKind, type RecordedChange } from '#domain/change.ts';
import { KIND_CODES, type NewestSought } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import { datedCode } from './change-clock.ts';
import {
	type Changes,
	type Condition,
	DATED,
	keyOf,
	newestFirst,
	type Run,
	runOf,
	type Stretch,
	type Topic
} from './change-runs.repository.ts';
import { type ChangeRow, fromRows } from './change-row.ts';
import { findTerms, readTerms } from './change-terms.repository.ts';

/** A moment, and the day of it in China: documents have dates, changes have moments. */
export interface Bound {
	/** ISO 8601 UTC. */
	at: string;
	/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
	date: string;
}

/** Where a row stands on either clock. */
export interface Place {
	dated: string;
	seq: number;
	index: number;
}

export interface ChangeQuery {
	projects?: readonly string[] | undefined;
	actors?: readonly string[] | undefined;
	field?: string | undefined;
	kinds?: readonly string[] | undefined;
	/** On the clock of the order; inclusive and exclusive. */
	since?: Bound | undefined;
	until?: Bound | undefined;
	/** Entries among which all lie that `since` and `until` leave, where that is known: after the first, up to the second. */
	entries?: { above: number; upTo: number } | undefined;
	/** The last row of the page before. */
	after?: Place | undefined;
	/** By the number of the entry, or by the date a row speaks of. */
	order: 'entered' | 'dated';
	limit: number;
}

/** Rows looked at in one go where no index leads to those that are asked for. */
const STRETCH_ROWS = 10_000;
/** Of more runs than these the rows are searched for among all. */
const RUNS_MAX = 64;

/**
 * Change rows, newest first on the chosen clock.
 * @param stretchRows what has to be searched for is searched for in stretches of so many rows, and between two of them
 * others have their turn
 */
export async function listChanges(
	db: Kysely<Database>,
	boardId: string,
	query: ChangeQuery,
	stretchRows = STRETCH_ROWS
): Promise<RecordedChange[]> {
	const { board, filters } = await findFilters(db, boardId, query);
	if (filters.some(({ runs }) => runs.length === 0)) return [];
	const search = await planSearch(db, { board, filters, query, stretchRows });
	const page = { db, search, query };
	if (search.isShort) return fromRows(db, await listPage(page, query.limit, search.bounds));
	const found: ChangeRow[] = [];
	for (let { from, below } = search.bounds; ;) {
		const edge = await findEdge(db, search, { from, below }, stretchRows);
		found.push(...(await listPage(page, query.limit - found.length, { from: edge ?? from, below })));
		if (found.length === query.limit || edge === undefined) return fromRows(db, found);
		below = edge;
		await othersTurn();
	}
}

/** What is asked for in one respect: as runs that an index has, and as a condition on rows another one leads to. */
interface Filter {
	runs: Run[];
	fits: Condition;
}

async function findFilters(
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

/** Where rows are looked for, and how. */
interface Search {
	runs: Run[];
	conditions: Condition[];
	bounds: Stretch;
	/** All that may fit are few, or all there are fit: one go finds a page. */
	isShort: boolean;
}

/** Chooses the index that leads to the fewest rows in the order they are asked for, or to few enough to be sorted. */
async function planSearch(
	db: Kysely<Database>,
	{
		board,
		filters,
		query,
		stretchRows
	}: { board: number; filters: Filter[]; query: ChangeQuery; stretchRows: number }
): Promise<Search> {
	const isDated = query.order === 'dated';
	const needsSizes = filters.length > 1 || isDated;
	const sizes = await Promise.all(
		filters.map(({ runs }) => {
			if (runs.length > RUNS_MAX) return Infinity;
			return needsSizes ? countUpTo(db, runs, stretchRows + 1) : 0;
		})
	);
	const size = Math.min(...sizes);
	const best = isDated && size > stretchRows ? undefined : filters[sizes.indexOf(size)];
	const leads = size < Infinity ? best : undefined;
	const runs = leads?.runs ?? [runOf[query.order](board)];
	const conditions = [
		...filters.filter((filter) => filter !== leads).map(({ fits }) => fits),
		...timesOf(query)
	];
	const isSorted = isDated && leads !== undefined;
	const bounds = isSorted ? {} : boundsOf(query);
	return { runs, conditions, bounds, isShort: isSorted || conditions.length === 0 };
}

async function countUpTo(db: Kysely<Database>, runs: readonly Run[], most: number): Promise<number> {
	const parts = runs.map((run) =>
		db.selectFrom('change').select('seq').where(run.rows).limit(most).as('part')
	);
	const counts = await Promise.all(
		parts.map((part) =>
			db
				.selectFrom(part)
				.select(({ fn }) => fn.countAll<number>().as('count'))
				.executeTakeFirstOrThrow()
		)
	);
	return counts.reduce((sum, { count }) => sum + Number(count), 0);
}

/** Between which places of the order's index all rows lie that may fit. */
function boundsOf({ order, since, until, after, entries }: ChangeQuery): Stretch {
	if (order === 'entered') {
		const ends = [...(after ? [after.seq] : []), ...(entries ? [entries.upTo] : [])];
		return { from: entries && entries.above + 1, below: ends.length > 0 ? Math.min(...ends) + 1 : undefined };
	}
	const ends = until ? [datedCode(until.at), datedCode(until.date)] : [];
	const begun = since ? [datedCode(since.at), datedCode(since.date.slice(0, 'YYYY'.length))] : [];
	const below = [...(after ? [datedCode(after.dated) + 1] : []), ...(until ? [Math.max(...ends)] : [])];
	return {
		from: since && Math.min(...begun),
		below: below.length > 0 ? Math.min(...below) : undefined
	};
}

/** Where a stretch of so many rows ends, of all runs together; undefined if there are fewer. */
async function findEdge(
	db: Kysely<Database>,
	{ runs }: Search,
	stretch: Stretch,
	rows: number
): Promise<number | undefined> {
	const offset = Math.max(1, Math.floor(rows / runs.length));
	const edges = await Promise.all(
		runs.map((run) => {
			const select = db.selectFrom('change').select(keyOf(run).as('edge'));
			return newestFirst(db, select, run, stretch).limit(1).offset(offset).executeTakeFirst();
		})
	);
	const found = edges.flatMap((row) => (row ? [row.edge] : []));
	return found.length > 0 ? Math.max(...found) : undefined;
}

/** The newest rows of a stretch of all runs. */
async function listPage(
	{ db, search, query }: { db: Kysely<Database>; search: Search; query: ChangeQuery },
	limit: number,
	stretch: Stretch
): Promise<ChangeRow[]> {
	const { after, order } = query;
	const parts = search.runs.map((run) => {
		let rows = db.selectFrom('change').selectAll();
		for (const condition of search.conditions) rows = rows.where(condition);
		if (after) rows = rows.where(isAfterRow(order, after));
		const isInOrder = order === 'entered' || run.by === 'dated';
		rows = isInOrder ? newestFirst(db, rows, run, stretch) : byDate(rows.where(run.rows));
		return rows.limit(limit);
	});
	const [only] = parts;
	if (parts.length === 1 && only) return only.execute();
	const [first, ...others] = parts.map((part) => db.selectFrom(part.as('part')).selectAll());
	const all = others.reduce((union, part) => union.unionAll(part), first!);
	const sorted = db.selectFrom(all.as('change')).selectAll();
	const newest = order === 'dated' ? byDate(sorted) : sorted.orderBy('seq', 'desc').orderBy('index', 'asc');
	return newest.limit(limit).execute();
}

/** Sorts rows by the date they speak of, without the index of it. */
function byDate<Row>(rows: Changes<Row>): Changes<Row> {
	return rows
		.orderBy(sql`${DATED} + 0`, 'desc')
		.orderBy('seq', 'desc')
		.orderBy('index', 'asc');
}

function timesOf({ order, since, until }: ChangeQuery): Condition[] {
	return [...(since ? [isSince(order, since)] : []), ...(until ? [isBefore(order, until)] : [])];
}

/** A document's date may be a year or a month: it counts if any of its days does. */
function isSince(order: ChangeQuery['order'], { at, date }: Bound): Condition {
	const moment = Date.parse(at);
	if (order === 'entered') return (eb) => eb('at', '>=', moment);
	const wider = [date.slice(0, 'YYYY'.length), date.slice(0, 'YYYY-MM'.length)].map(datedCode);
	return (eb) =>
		eb.or([
			eb.and([eb('document_date', '=', 0), eb('at', '>=', moment)]),
			eb.and([eb('document_date', '<>', 0), eb('document_date', '>=', datedCode(date))]),
			eb('document_date', 'in', wider)
		]);
}

function isBefore(order: ChangeQuery['order'], { at, date }: Bound): Condition {
	const moment = Date.parse(at);
	if (order === 'entered') return (eb) => eb('at', '<', moment);
	return (eb) =>
		eb.or([
			eb.and([eb('document_date', '=', 0), eb('at', '<', moment)]),
			eb.and([eb('document_date', '<>', 0), eb('document_date', '<', datedCode(date))])
		]);
}

/** Behind a row in the order of a list. */
function isAfterRow(order: ChangeQuery['order'], { seq, index, dated }: Place): Condition {
	return (eb) => {
		const sameEntry = eb.and([eb('seq', '=', seq), eb('index', '>', index)]);
		const entered = eb.or([eb('seq', '<', seq), sameEntry]);
		if (order === 'entered') return entered;
		const code = datedCode(dated);
		return eb.or([eb(DATED, '<', code), eb.and([eb(DATED, '=', code), entered])]);
	};
}

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
		.selectFrom('change')
		.innerJoin(newest, (join) =>
			join.onRef('newest.seq', '=', 'change.seq').onRef('newest.project', '=', 'change.project')
		)
		.selectAll('change')
		.where('board', '=', board)
		.where('kind', '=', code)
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
		.orderBy('seq', 'asc')
		.orderBy('index', 'asc')
		.execute();
	return fromRows(db, rows);
}

/** The newest entry of a board that a change row speaks of; 0 = none. */
export async function findLastChangeSeq(db: Kysely<Database>, boardId: string): Promise<number> {
	const { board } = await findTerms(db, boardId);
	const row = await db
		.selectFrom('change')
		.select(({ fn }) => fn.max<number | null>('seq').as('seq'))
		.where('board', '=', board)
		.executeTakeFirst();
	return row?.seq ?? 0;
}
