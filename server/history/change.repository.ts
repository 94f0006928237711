import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ChangeKind, ChangeValue, RecordedChange } from '#domain/change.ts';
import type { ChangeTable, Database } from '#server/database/database.ts';

/** Notes one person writes without a longer pause are one row. */
const SITTING_MS = 5 * 60_000;
/** 15 columns a row, within the 32,766 parameters SQLite takes. */
const ROWS_PER_INSERT = 500;

export interface ChangeQuery {
	project?: string | undefined;
	actors?: readonly string[] | undefined;
	field?: string | undefined;
	kinds?: readonly string[] | undefined;
	/** ISO times, inclusive and exclusive. */
	since?: string | undefined;
	until?: string | undefined;
	/** Cursor of the last row of the page before. */
	after?: { dated: string; seq: number; index: number } | undefined;
	/** By the number of the entry, or by the date a row speaks of. */
	order: 'entered' | 'dated';
	limit: number;
}

function toRow(boardId: string, change: RecordedChange): ChangeTable {
	return {
		board_id: boardId,
		seq: change.seq,
		index: change.index,
		at: change.at,
		dated: change.documentDate ?? change.at,
		document_date: change.documentDate,
		actor_id: change.actorId,
		kind: change.kind,
		project_id: change.projectId,
		project_name: change.projectName,
		stage_id: change.stageId,
		field: change.field,
		member: change.member,
		before: JSON.stringify(change.before),
		after: JSON.stringify(change.after)
	};
}

function fromRow(row: Selectable<ChangeTable>): RecordedChange {
	return {
		seq: row.seq,
		index: row.index,
		at: row.at,
		documentDate: row.document_date,
		actorId: row.actor_id,
		kind: row.kind as ChangeKind,
		projectId: row.project_id,
		projectName: row.project_name,
		stageId: row.stage_id,
		field: row.field,
		member: row.member,
		before: JSON.parse(row.before) as ChangeValue,
		after: JSON.parse(row.after) as ChangeValue
	};
}

/** The row of the sitting these notes belong to, if the person wrote here a moment ago. */
async function findSitting(
	trx: Transaction<Database>,
	boardId: string,
	change: RecordedChange
): Promise<RecordedChange | undefined> {
	const row = await trx
		.selectFrom('change')
		.selectAll()
		.where('board_id', '=', boardId)
		.where('project_id', '=', change.projectId)
		.where('kind', '=', 'notes-edited')
		.where('actor_id', '=', change.actorId)
		.where('at', '>=', new Date(Date.parse(change.at) - SITTING_MS).toISOString())
		.orderBy('seq', 'desc')
		.limit(1)
		.executeTakeFirst();
	return row && fromRow(row);
}

async function gatherNotes(
	trx: Transaction<Database>,
	boardId: string,
	change: RecordedChange
): Promise<RecordedChange | undefined> {
	const sitting = await findSitting(trx, boardId, change);
	if (!sitting) return undefined;
	await trx
		.updateTable('change')
		.set({ after: JSON.stringify(change.after), at: change.at, dated: change.at })
		.where('board_id', '=', boardId)
		.where('seq', '=', sitting.seq)
		.where('index', '=', sitting.index)
		.execute();
	return { ...sitting, after: change.after, at: change.at };
}

/**
 * Writes change rows in the journal's transaction; notes of one sitting become one row.
 * @returns the rows as they now stand
 */
export async function appendChanges(
	trx: Transaction<Database>,
	boardId: string,
	changes: readonly RecordedChange[]
): Promise<RecordedChange[]> {
	const written: RecordedChange[] = [];
	let fresh: ChangeTable[] = [];
	const flush = async () => {
		for (let start = 0; start < fresh.length; start += ROWS_PER_INSERT) {
			await trx
				.insertInto('change')
				.values(fresh.slice(start, start + ROWS_PER_INSERT))
				.execute();
		}
		fresh = [];
	};
	for (const change of changes) {
		if (change.kind === 'notes-edited') await flush(); // a sitting may have begun in this very window
		const gathered = change.kind === 'notes-edited' ? await gatherNotes(trx, boardId, change) : undefined;
		if (!gathered) fresh.push(toRow(boardId, change));
		written.push(gathered ?? change);
	}
	await flush();
	return written;
}

/** Change rows, newest first on the chosen clock. */
export async function listChanges(
	db: Kysely<Database>,
	boardId: string,
	query: ChangeQuery
): Promise<RecordedChange[]> {
	let select = db.selectFrom('change').selectAll().where('board_id', '=', boardId);
	if (query.project) select = select.where('project_id', '=', query.project);
	if (query.actors) select = select.where('actor_id', 'in', query.actors.length > 0 ? query.actors : ['']);
	if (query.field) select = select.where('field', '=', query.field);
	if (query.kinds) select = select.where('kind', 'in', query.kinds);
	if (query.since) select = select.where('at', '>=', query.since);
	if (query.until) select = select.where('at', '<', query.until);
	const { after } = query;
	if (after) {
		select = select.where(({ and, eb, or }) => {
			const sameEntry = and([eb('seq', '=', after.seq), eb('index', '>', after.index)]);
			const entered = or([eb('seq', '<', after.seq), sameEntry]);
			if (query.order === 'entered') return entered;
			return or([eb('dated', '<', after.dated), and([eb('dated', '=', after.dated), entered])]);
		});
	}
	if (query.order === 'dated') select = select.orderBy('dated', 'desc');
	const rows = await select.orderBy('seq', 'desc').orderBy('index', 'asc').limit(query.limit).execute();
	return rows.map(fromRow);
}

/** When and by whom each project was last moved to another stage by hand. */
export async function lastMoves(
	db: Kysely<Database>,
	boardId: string
): Promise<{ projectId: string; at: string; actorId: string }[]> {
	const rows = await db
		.selectFrom('change')
		.select(['project_id', 'at', 'actor_id'])
		.where('board_id', '=', boardId)
		.where('kind', '=', 'project-moved')
		.orderBy('seq', 'asc')
		.execute();
	const latest = new Map(
		rows.map((row) => [
			row.project_id ?? '',
			{ projectId: row.project_id ?? '', at: row.at, actorId: row.actor_id }
		])
	);
	return [...latest.values()];
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

/** Drops a board's rows, to derive them again from the journal. */
export async function deleteChanges(trx: Transaction<Database>, boardId: string): Promise<void> {
	await trx.deleteFrom('change').where('board_id', '=', boardId).execute();
}
