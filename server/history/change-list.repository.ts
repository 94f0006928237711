import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { isPostgres } from '#server/database/is-postgres.ts';
import { datedCode } from './change-clock.ts';
import { isAfterRow, timesOf } from './change-conditions.repository.ts';
import { type Filter, findFilters } from './change-filters.repository.ts';
import type { ChangeQuery } from './change-query.ts';
import { type ChangeRow, fromRows } from './change-row.ts';
import {
	type Changes,
	type Condition,
	DATED,
	datedOf,
	keyOf,
	newestFirst,
	type Run,
	runOf,
	type Stretch
} from './change-runs.repository.ts';

/** Rows looked at in one go where no index leads to those that are asked for, at most. */
const STRETCH_ROWS = 10_000;
/** The first go looks at so many rows for each that is asked for, and each go after it at so many times more. */
const STRETCH_GROWTH = 4;
/** Of more runs than these the rows are searched for among all. */
const RUNS_MAX = 64;
/** Stretches of the dated index looked through before those of one filter are sorted instead, if it has no more rows than: */
const DATED_STRETCHES = 3;
const SORTED_ROWS_MAX = 200_000;

/**
 * Change rows, newest first on the chosen clock.
 * @param stretchRows what has to be searched for is searched for in stretches of so many rows at most, and between two of
 * them others have their turn
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
	// without a filter there is nothing else that could be sorted
	const most = query.order === 'dated' && filters.length > 0 ? DATED_STRETCHES * stretchRows : Infinity;
	const found = await lookThrough(page, { stretchRows, most });
	if (found) return fromRows(db, found);
	const lead = await smallestOf(db, filters);
	const sorted = lead && (await listSorted(page, { lead, filters, stretchRows }));
	return fromRows(db, sorted ?? (await lookThrough(page, { stretchRows })) ?? []);
}

/**
 * A page of what has to be searched for, in stretches that grow: where much of it fits, little is looked at.
 * @param most rows to look at
 * @returns undefined if these were not enough
 */
async function lookThrough(
	page: Page,
	{ stretchRows, most = Infinity }: { stretchRows: number; most?: number }
): Promise<ChangeRow[] | undefined> {
	const { db, search, query } = page;
	const found: ChangeRow[] = [];
	let { from, below } = search.bounds;
	let rows = query.limit;
	for (let looked = 0; looked < most; looked += rows) {
		rows = Math.min(rows * STRETCH_GROWTH, stretchRows);
		const edge = await findEdge(db, search, { from, below }, rows);
		found.push(...(await listPage(page, query.limit - found.length, { from: edge ?? from, below })));
		if (found.length === query.limit || edge === undefined) return found;
		below = edge;
		await othersTurn();
	}
	return undefined;
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
	const conditions = conditionsBeside(leads, filters, query);
	const isSorted = isDated && leads !== undefined;
	const bounds = isSorted ? {} : boundsOf(query);
	return { runs, conditions, bounds, isShort: isSorted || conditions.length === 0 };
}

/** What rows have to fit that the index of one filter leads to; undefined = that of none. */
function conditionsBeside(
	lead: Filter | undefined,
	filters: readonly Filter[],
	query: ChangeQuery
): Condition[] {
	const others = filters.filter((filter) => filter !== lead);
	return [...others.map(({ fits }) => fits), ...timesOf(query)];
}

/** The filter that leaves the fewest rows; undefined if each leaves too many to be sorted. */
async function smallestOf(db: Kysely<Database>, filters: readonly Filter[]): Promise<Filter | undefined> {
	const few = filters.filter(({ runs }) => runs.length <= RUNS_MAX);
	const sizes = await Promise.all(few.map(({ runs }) => countUpTo(db, runs, SORTED_ROWS_MAX + 1)));
	const size = Math.min(...sizes);
	return size <= SORTED_ROWS_MAX ? few[sizes.indexOf(size)] : undefined;
}

/** A page by date of what one filter leads to and the others let through: where they hardly meet, the shorter way. */
async function listSorted(
	page: Page,
	{ lead, filters, stretchRows }: { lead: Filter; filters: readonly Filter[]; stretchRows: number }
): Promise<ChangeRow[]> {
	const { db, query } = page;
	const search = { ...page.search, runs: lead.runs, conditions: conditionsBeside(lead, filters, query) };
	let best: ChangeRow[] = [];
	for (let below: number | undefined; ;) {
		const edge = await findEdge(db, search, { below }, stretchRows);
		const rows = await listPage({ ...page, search }, query.limit, { from: edge, below });
		best = [...best, ...rows].sort(byDateInMemory).slice(0, query.limit);
		if (edge === undefined) return best;
		below = edge;
		await othersTurn();
	}
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
		const ends = [...(after ? [after.seq] : []), ...(entries ? [entries.upTo] : [])].filter(Number.isFinite);
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

interface Page {
	db: Kysely<Database>;
	search: Search;
	query: ChangeQuery;
}

/** The newest rows of a stretch of all runs. */
async function listPage({ db, search, query }: Page, limit: number, stretch: Stretch): Promise<ChangeRow[]> {
	const { after, order } = query;
	const conditions = [...search.conditions, ...(after ? [isAfterRow(order, after)] : [])];
	const parts = search.runs.map((run) => {
		const fits: Condition = (eb) => eb.and(conditions.map((condition) => condition(eb)));
		const isInOrder = order === 'entered' || run.by === 'dated';
		if (!isInOrder) return rowsByDate(db, run, { fits, stretch, limit });
		const rows = newestFirst(db, db.selectFrom('change').selectAll().where(fits), run, stretch);
		return rows.orderBy('index', 'asc').limit(limit);
	});
	const [first, ...others] = parts.map((part) => db.selectFrom(part.as('part')).selectAll());
	const all = others.reduce((union, part) => union.unionAll(part), first!);
	const sorted = db.selectFrom(all.as('change')).selectAll();
	const newest = order === 'dated' ? byDate(sorted) : sorted.orderBy('seq', 'desc').orderBy('index', 'asc');
	return newest.limit(limit).execute();
}

/** The newest rows of a run that is not in the order of the dates they speak of. */
function rowsByDate(
	db: Kysely<Database>,
	run: Run,
	{ fits, stretch, limit }: { fits: Condition; stretch: Stretch; limit: number }
) {
	const rows = db.selectFrom('change').where(fits);
	const sorted = <Row>(select: Changes<Row>) =>
		byDate(newestFirst(db, select, run, stretch).clearOrderBy()).limit(limit);
	// PostgreSQL keeps no more than the rows asked for while it sorts, SQLite all: there only where they stand is sorted
	if (isPostgres(db)) return sorted(rows.selectAll());
	return db
		.selectFrom(sorted(rows.select(['board', 'seq', 'index'])).as('place'))
		.innerJoin('change', (join) =>
			join
				.onRef('change.board', '=', 'place.board')
				.onRef('change.seq', '=', 'place.seq')
				.onRef('change.index', '=', 'place.index')
		)
		.selectAll('change');
}

/** The same order of rows that were read. */
function byDateInMemory(some: ChangeRow, other: ChangeRow): number {
	return datedOf(other) - datedOf(some) || other.seq - some.seq || some.index - other.index;
}

function byDate<Row>(rows: Changes<Row>): Changes<Row> {
	return rows
		.orderBy(sql`${DATED} + 0`, 'desc')
		.orderBy('seq', 'desc')
		.orderBy('index', 'asc');
}
