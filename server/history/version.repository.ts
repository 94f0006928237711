import type { Kysely } from 'kysely';
import type { Database, NamedVersionTable } from '#server/database/database.ts';
import { findTimeOf } from '#server/journal/entry-times.ts';

/** A named moment of a board as it is kept. */
export interface VersionRecord {
	id: string;
	boardId: string;
	/** The last entry the board held at that moment. */
	seq: number;
	name: string;
	note: string;
	/** When it was named, ISO 8601 UTC. */
	createdAt: string;
	createdBy: string;
}
/** A named moment with the time its last entry came. */
export type DatedVersion = VersionRecord & { at: string | null };

const toRow = ({ boardId, createdAt, createdBy, ...rest }: VersionRecord): NamedVersionTable => ({
	...rest,
	board_id: boardId,
	created_at: createdAt,
	created_by: createdBy
});
const fromRow = (row: NamedVersionTable): VersionRecord => ({
	id: row.id,
	boardId: row.board_id,
	seq: row.seq,
	name: row.name,
	note: row.note,
	createdAt: row.created_at,
	createdBy: row.created_by
});

/** Keeps a new version; false if the board has one of that name. */
export async function insertVersion(db: Kysely<Database>, version: VersionRecord): Promise<boolean> {
	const result = await db
		.insertInto('named_version')
		.values(toRow(version))
		.onConflict((conflict) => conflict.columns(['board_id', 'name']).doNothing())
		.executeTakeFirst();
	return result.numInsertedOrUpdatedRows === 1n;
}

/** A board's versions, the newest moment first; of one moment the one named last. */
export async function listVersions(db: Kysely<Database>, boardId: string): Promise<DatedVersion[]> {
	const rows = await db
		.selectFrom('named_version')
		.leftJoin('journal', (join) =>
			join
				.onRef('journal.board_id', '=', 'named_version.board_id')
				.onRef('journal.seq', '=', 'named_version.seq')
		)
		.selectAll('named_version')
		.select('journal.received_at')
		.where('named_version.board_id', '=', boardId)
		.orderBy('named_version.seq', 'desc')
		.orderBy('named_version.created_at', 'desc')
		.execute();
	return Promise.all(
		rows.map(async (row) => {
			const at = row.received_at ?? (await findTimeOf(db, boardId, row.seq)) ?? null; // it may be packed
			return { ...fromRow(row), at };
		})
	);
}

export async function findVersion(
	db: Kysely<Database>,
	boardId: string,
	id: string
): Promise<VersionRecord | undefined> {
	const row = await db
		.selectFrom('named_version')
		.selectAll()
		.where('board_id', '=', boardId)
		.where('id', '=', id)
		.executeTakeFirst();
	return row && fromRow(row);
}

/** The version of a board that bears a name. */
export async function findVersionNamed(
	db: Kysely<Database>,
	boardId: string,
	name: string
): Promise<VersionRecord | undefined> {
	const row = await db
		.selectFrom('named_version')
		.selectAll()
		.where('board_id', '=', boardId)
		.where('name', '=', name)
		.executeTakeFirst();
	return row && fromRow(row);
}

export async function countVersions(db: Kysely<Database>, boardId: string): Promise<number> {
	const row = await db
		.selectFrom('named_version')
		.select(({ fn }) => fn.countAll<number>().as('count'))
		.where('board_id', '=', boardId)
		.executeTakeFirstOrThrow();
	return Number(row.count);
}

/** Gives a version another name and note. */
export async function updateVersion(
	db: Kysely<Database>,
	{ id, name, note }: Pick<VersionRecord, 'id' | 'name' | 'note'>
): Promise<void> {
	await db.updateTable('named_version').set({ name, note }).where('id', '=', id).execute();
}

export async function deleteVersion(db: Kysely<Database>, id: string): Promise<void> {
	await db.deleteFrom('named_version').where('id', '=', id).execute();
}
