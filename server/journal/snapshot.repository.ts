import { type Kysely, sql } from 'kysely';
import type { Database } from '#server/database/database.ts';
import { encodePacked, type PackedState } from './packed-state.ts';

/** The newest, and the one before in case the newest cannot be read. */
const NEWEST = 2;
/** Older ones are kept so far apart, from which the moments behind them are reached; */
const APART_ENTRIES = 5_000;
/** farther where they are so large that each entry would cost more bytes than this. */
const BYTES_AN_ENTRY = 10;

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
	await thinOut(db, boardId);
}

/** Lets those snapshots go that are too near to the one before; those that stay are the same whenever this is done. */
async function thinOut(db: Kysely<Database>, boardId: string): Promise<void> {
	const snapshots = await db
		.selectFrom('snapshot')
		.select(['seq', sql<number>`length(state)`.as('bytes')])
		.where('board_id', '=', boardId)
		.orderBy('seq')
		.execute();
	let last = 0;
	const superfluous = snapshots.slice(0, -NEWEST).filter(({ seq, bytes }) => {
		const isNear = seq - last < Math.max(APART_ENTRIES, bytes / BYTES_AN_ENTRY);
		if (!isNear) last = seq;
		return isNear;
	});
	if (superfluous.length === 0) return;
	await db
		.deleteFrom('snapshot')
		.where('board_id', '=', boardId)
		.where(
			'seq',
			'in',
			superfluous.map(({ seq }) => seq)
		)
		.execute();
}

/** Snapshots of a board up to an entry, the newest first, each as it is stored. */
export async function* snapshotsOf(
	db: Kysely<Database>,
	boardId: string,
	upTo = Infinity
): AsyncGenerator<{ seq: number; epoch: number; state: Uint8Array }> {
	for (let next = Math.min(upTo, Number.MAX_SAFE_INTEGER - 1) + 1; ;) {
		const snapshot = await db
			.selectFrom('snapshot')
			.select(['seq', 'epoch', 'state'])
			.where('board_id', '=', boardId)
			.where('seq', '<', next)
			.orderBy('seq', 'desc')
			.limit(1)
			.executeTakeFirst();
		if (!snapshot) return;
		yield snapshot;
		next = snapshot.seq;
	}
}

/** Forgets the snapshots of a board. */
export async function deleteSnapshots(db: Kysely<Database>, boardId: string): Promise<void> {
	await db.deleteFrom('snapshot').where('board_id', '=', boardId).execute();
}

/** The newest entry of a board whose state was kept; 0 = none. */
export async function findLastSnapshotSeq(db: Kysely<Database>, boardId: string): Promise<number> {
	const row = await db
		.selectFrom('snapshot')
		.select(({ fn }) => fn.max<number | null>('seq').as('seq'))
		.where('board_id', '=', boardId)
		.executeTakeFirst();
	return row?.seq ?? 0;
}
