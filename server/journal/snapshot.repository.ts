import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
/** 5 of 11: most of the gain for a tenth of the time. */
const QUALITY = 5;
/** The newest, and the one before in case the newest cannot be read. */
const KEPT = 2;

/** Stored before the packed state: packing alone would let damage through as other bytes. */
const DIGEST_BYTES = 32;
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

export interface Snapshot {
	seq: number;
	epoch: number;
	/** State of the document as an update, encoding V1. */
	state: Uint8Array;
}

/** Keeps the state of a board at a seq; a cache that may be deleted at any time. */
export async function saveSnapshot(
	db: Kysely<Database>,
	boardId: string,
	snapshot: Snapshot & { at: string }
): Promise<void> {
	const packed = await compress(snapshot.state, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } });
	const state = Buffer.concat([digestOf(packed), packed]);
	await db
		.insertInto('snapshot')
		.values({ board_id: boardId, seq: snapshot.seq, epoch: snapshot.epoch, state, created_at: snapshot.at })
		.onConflict((conflict) => conflict.columns(['board_id', 'seq']).doNothing())
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

/** Newest snapshots of a board first, each still compressed. */
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

/** Unpacks a stored state. @throws if the bytes are damaged */
export async function unpack(stored: Uint8Array): Promise<Uint8Array> {
	const packed = stored.subarray(DIGEST_BYTES);
	if (!digestOf(packed).equals(stored.subarray(0, DIGEST_BYTES))) throw new Error('a snapshot is damaged');
	return new Uint8Array(await decompress(packed));
}
