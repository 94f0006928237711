import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { encodePacked, type PackedState } from './packed-state.ts';

/** The newest, and the one before in case the newest cannot be read. */
const KEPT = 2;

/** The state of a board at a seq. */
export interface Snapshot {
	seq: number;
	epoch: number;
	state: PackedState;
}

/** Keeps the state of a board at a seq; a cache that may be deleted at any time. */
export async function saveSnapshot(
	db: Kysely<Database>,
	boardId: string,
	snapshot: Snapshot & { at: string }
): Promise<void> {
	const state = encodePacked(snapshot.state);
	await db
		.insertInto('snapshot')
		.values({ board_id: boardId, seq: snapshot.seq, epoch: snapshot.epoch, state, created_at: snapshot.at })
		// one that is there may be damaged, or of an older format
		.onConflict((conflict) =>
			conflict.columns(['board_id', 'seq']).doUpdateSet({ epoch: snapshot.epoch, state })
		)
		.execute();
	const kept = await db
		.selectFrom('snapshot')
		.select('seq')
		.where('board_id', '=', boardId)
		.orderBy('seq', 'desc')
		.limit(KEPT)
		.execute();
	await db
		.deleteFrom('snapshot')
		.where('board_id', '=', boardId)
		.where('seq', '<', Math.min(...kept.map((row) => row.seq)))
		.execute();
}

/** Newest snapshots of a board first, each as it is stored. */
export async function listSnapshots(
	db: Kysely<Database>,
	boardId: string
): Promise<{ seq: number; epoch: number; state: Uint8Array }[]> {
	return db
		.selectFrom('snapshot')
		.select(['seq', 'epoch', 'state'])
		.where('board_id', '=', boardId)
		.orderBy('seq', 'desc')
		.execute();
}

/** Forgets the snapshots of a board. */
export async function deleteSnapshots(db: Kysely<Database>, boardId: string): Promise<void> {
	await db.deleteFrom('snapshot').where('board_id', '=', boardId).execute();
}
