import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import type { ChangeKind, RecordedChange } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';
import { fromRow } from './change-row.ts';

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
	/** The last row of the page before. */
	after?: Place | undefined;
	/** By the number of the entry, or by the date a row speaks of. */
	order: 'entered' | 'dated';
	limit: number;
}

/** Rows looked at in one go where no index leads to those that are asked for. */
const STRETCH_ROWS = 10_000;

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
	if (isIndexed(query)) return listStretch(db, boardId, query);
	const found: RecordedChange[] = [];
	for (let stretch: Stretch = {}; ; stretch = { below: stretch.from }) {
		stretch.from = await findEdge(db, boardId, { ...query, stretch, rows: stretchRows });
		const limit = query.limit - found.length;
		found.push(...(await listStretch(db, boardId, { ...query, limit }, stretch)));
		if (found.length === query.limit || stretch.from === undefined) return found;
		await othersTurn();
	}
}

/** Whether an index leads straight to the rows that are asked for, in their order. */
function isIndexed({ order, field, since, until, projects, actors, kinds }: ChangeQuery): boolean {
	if (field ?? since ?? until) return false;
	return order === 'entered' || !(projects ?? actors ?? kinds);
}

/** Part of a list by what it is ordered by: inclusive and exclusive. */
interface Stretch {
	from?: number | string | undefined;
	below?: number | string | undefined;
}

const columnOf = (order: ChangeQuery['order']) => (order === 'entered' ? 'seq' : 'dated');

/** Where a stretch of so many rows ends; undefined if there are fewer. */
async function findEdge(
	db: Kysely<Database>,
	boardId: string,
	{ order, after, stretch, rows }: Pick<ChangeQuery, 'order' | 'after'> & { stretch: Stretch; rows: number }
): Promise<number | string | undefined> {
	const column = columnOf(order);
	let select = db.selectFrom('change').select(`${column} as edge`).where('board_id', '=', boardId);
	if (stretch.below !== undefined) select = select.where(column, '<', stretch.below);
	else if (after) select = select.where(column, '<=', after[column]);
	const row = await select.orderBy(column, 'desc').limit(1).offset(rows).executeTakeFirst();
	return row?.edge;
}

async function listStretch(
	db: Kysely<Database>,
	boardId: string,
	query: ChangeQuery,
	{ from, below }: Stretch = {}
): Promise<RecordedChange[]> {
	const column = columnOf(query.order);
	let select = db.selectFrom('change').selectAll().where('board_id', '=', boardId);
	if (query.projects) select = select.where('project_id', 'in', query.projects);
	if (query.actors) select = select.where('actor_id', 'in', query.actors.length > 0 ? query.actors : ['']);
	if (query.field) select = select.where('field', '=', query.field);
	if (query.kinds) select = select.where('kind', 'in', query.kinds);
	if (query.since) select = select.where(isSince(query.order, query.since));
	if (query.until) select = select.where(isBefore(query.order, query.until));
	if (query.after) select = select.where(isAfterRow(query.order, query.after));
	if (from !== undefined) select = select.where(column, '>=', from);
	if (below !== undefined) select = select.where(column, '<', below);
	if (query.order === 'dated') select = select.orderBy('dated', 'desc');
	const rows = await select.orderBy('seq', 'desc').orderBy('index', 'asc').limit(query.limit).execute();
	return rows.map(fromRow);
}

type Condition = (eb: ExpressionBuilder<Database, 'change'>) => Expression<SqlBool>;

/** A document's date may be a year or a month: it counts if any of its days does. */
function isSince(order: ChangeQuery['order'], { at, date }: Bound): Condition {
	if (order === 'entered') return (eb) => eb('at', '>=', at);
	const wider = [date.slice(0, 'YYYY'.length), date.slice(0, 'YYYY-MM'.length)];
	return (eb) =>
		eb.or([
			eb.and([eb('document_date', 'is', null), eb('at', '>=', at)]),
			eb('document_date', '>=', date),
			eb('document_date', 'in', wider)
		]);
}

function isBefore(order: ChangeQuery['order'], { at, date }: Bound): Condition {
	if (order === 'entered') return (eb) => eb('at', '<', at);
	return (eb) =>
		eb.or([eb.and([eb('document_date', 'is', null), eb('at', '<', at)]), eb('document_date', '<', date)]);
}

/** Behind a row in the order of a list; the first, wider comparison is the one an index serves. */
function isAfterRow(order: ChangeQuery['order'], row: Place): Condition {
	return (eb) => {
		const sameEntry = eb.and([eb('seq', '=', row.seq), eb('index', '>', row.index)]);
		const entered = eb.or([eb('seq', '<', row.seq), sameEntry]);
		if (order === 'entered') return eb.and([eb('seq', '<=', row.seq), entered]);
		const dated = eb.or([eb('dated', '<', row.dated), eb.and([eb('dated', '=', row.dated), entered])]);
		return eb.and([eb('dated', '<=', row.dated), dated]);
	};
}

/** The newest change of a kind of each project that has one, up to an entry. */
export async function listNewest(
	db: Kysely<Database>,
	boardId: string,
	{ kind, upToSeq }: { kind: ChangeKind; upToSeq?: number | undefined }
): Promise<RecordedChange[]> {
	let ofThem = db
		.selectFrom('change')
		.select(({ fn }) => ['project_id', fn.max('seq').as('seq')])
		.where('board_id', '=', boardId)
		.where('kind', '=', kind);
	if (upToSeq !== undefined) ofThem = ofThem.where('seq', '<=', upToSeq);
	const newest = ofThem.groupBy('project_id').as('newest');
	const rows = await db
		.selectFrom('change')
		.innerJoin(newest, (join) =>
			join.onRef('newest.seq', '=', 'change.seq').onRef('newest.project_id', '=', 'change.project_id')
		)
		.selectAll('change')
		.where('board_id', '=', boardId)
		.where('kind', '=', kind)
		.execute();
	return rows.map(fromRow);
}

/** Everybody who ever changed a board. */
export async function listActors(db: Kysely<Database>, boardId: string): Promise<string[]> {
	const rows = await db
		.selectFrom('change')
		.select('actor_id')
		.distinct()
		.where('board_id', '=', boardId)
		.execute();
	return rows.map((row) => row.actor_id);
}

/** What stages a board ever had are called, in the order of the changes that say so. */
export async function listStageChanges(db: Kysely<Database>, boardId: string): Promise<RecordedChange[]> {
	const rows = await db
		.selectFrom('change')
		.selectAll()
		.where('board_id', '=', boardId)
		.where('kind', 'in', ['stage-added', 'stage-changed', 'stage-removed'])
		.orderBy('seq', 'asc')
		.orderBy('index', 'asc')
		.execute();
	return rows.map(fromRow);
}
