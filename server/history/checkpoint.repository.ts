import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

/** Where a checkpoint of a board stands, and its size. */
export interface CheckpointPlace {
	seq: number;
	bytes: number;
}

/** Keeps a board as it was after an entry; what is there already stays. */
export async function insertCheckpoint(
	db: Kysely<Database>,
	boardId: string,
	{ seq, picture }: { seq: number; picture: Uint8Array }
): Promise<void> {
	await db
		.insertInto('board_checkpoint')
		.values({ board_id: boardId, seq, bytes: picture.byteLength, picture })
		.onConflict((conflict) => conflict.columns(['board_id', 'seq']).doNothing())
		.execute();
}

/** Places of a board's checkpoints, the newest first. */
export async function listCheckpoints(db: Kysely<Database>, boardId: string): Promise<CheckpointPlace[]> {
	return db
		.selectFrom('board_checkpoint')
		.select(['seq', 'bytes'])
		.where('board_id', '=', boardId)
		.orderBy('seq', 'desc')
		.execute();
}

/** The first checkpoint of a board at an entry or behind it, up to another one. */
export async function findCheckpoint(
	db: Kysely<Database>,
	boardId: string,
	{ from, upTo }: { from: number; upTo: number }
): Promise<number | undefined> {
	const row = await db
		.selectFrom('board_checkpoint')
		.select('seq')
		.where('board_id', '=', boardId)
		.where('seq', '>=', from)
		.where('seq', '<=', upTo)
		.orderBy('seq')
		.limit(1)
		.executeTakeFirst();
	return row?.seq;
}

/** What a checkpoint holds. */
export async function findPicture(
	db: Kysely<Database>,
	boardId: string,
	seq: number
): Promise<Uint8Array | undefined> {
	const row = await db
		.selectFrom('board_checkpoint')
		.select('picture')
		.where('board_id', '=', boardId)
		.where('seq', '=', seq)
		.executeTakeFirst();
	return row && new Uint8Array(row.picture);
}

/** Forgets one checkpoint of a board, or all. */
export async function deleteCheckpoints(db: Kysely<Database>, boardId: string, seq?: number): Promise<void> {
	const all = db.deleteFrom('board_checkpoint').where('board_id', '=', boardId);
	await (seq === undefined ? all : all.where('seq', '=', seq)).execute();
}
