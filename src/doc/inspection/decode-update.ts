import * as Y from 'yjs';
import { CLOCK_MAX } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import { atOnce, PIECES_PER_STEP, type Steps } from '../steps.ts';
import { BoundedDecoder, type Bounds } from './bounded-decoder.ts';
import { readStruct, type Struct } from './read-struct.ts';

export type { Struct } from './read-struct.ts';
export type DeletedRange = { clock: number; len: number };

/** What an update holds of one client: `count` structs of the clocks from `start` up to `end`, and their bytes. */
export interface Block {
	client: number;
	start: number;
	end: number;
	count: number;
	structs: Uint8Array;
}

export interface DecodedUpdate {
	/** By client, each in the order of its clocks and without a hole. */
	structs: Map<number, Struct[]>;
	/** By client: ranges of deleted clocks, ascending and apart from one another. */
	deleted: Map<number, DeletedRange[]>;
	/** The same as `structs`, as it is written. */
	blocks: readonly Block[];
}

/**
 * Decodes an update (encoding V1) without touching a document, at a cost its bytes can justify.
 * @throws {Refusal} `malformed-update` if it does not decode to its last byte, `too-large` over a cap, `schema` for
 *   roots and kinds of content the format has none of
 */
export function decodeUpdate(update: Uint8Array): DecodedUpdate {
	return atOnce(decodeInSteps(update));
}

/** The same in steps, and within other bounds. */
export function* decodeInSteps(update: Uint8Array, bounds?: Bounds): Steps<DecodedUpdate> {
	const decoder = new BoundedDecoder(update, bounds);
	try {
		const read = yield* readStructs(decoder);
		const deleted = yield* readDeleted(decoder);
		if (decoder.restDecoder.pos === update.byteLength) return { ...read, deleted };
	} catch (error) {
		if (error instanceof Refusal) throw error;
		throw new Refusal('malformed-update', 'update does not decode', { cause: error });
	}
	throw new Refusal('malformed-update', 'bytes follow the end of the update');
}

function* readStructs(decoder: BoundedDecoder): Steps<Pick<DecodedUpdate, 'structs' | 'blocks'>> {
	const all: DecodedUpdate['structs'] = new Map();
	const blocks: Block[] = [];
	const bytes = decoder.restDecoder;
	for (let left = decoder.readLen(), read = 1; left > 0; left--, read++) {
		const count = decoder.readLen();
		const client = decoder.readClient();
		const start = decoder.readLen();
		const from = bytes.pos;
		let clock = start;
		const structs: Struct[] = [];
		for (let index = 0; index < count; index++, read++) {
			const struct = readStruct(decoder, Y.createID(client, clock));
			assertSpan(clock, struct.length);
			structs.push(struct);
			clock += struct.length;
			if (read % PIECES_PER_STEP === 0) yield;
		}
		if (count === 0) continue;
		all.set(client, structs);
		blocks.push({ client, start, end: clock, count, structs: bytes.arr.subarray(from, bytes.pos) });
	}
	return { structs: all, blocks };
}

function* readDeleted(decoder: BoundedDecoder): Steps<DecodedUpdate['deleted']> {
	const deleted: DecodedUpdate['deleted'] = new Map();
	for (let left = decoder.readLen(), read = 1; left > 0; left--, read++) {
		const client = decoder.readLen();
		const count = decoder.readLen();
		const ranges = deleted.get(client) ?? [];
		for (let index = 0; index < count; index++, read++) {
			ranges.push(readRange(decoder, ranges.at(-1)));
			if (read % PIECES_PER_STEP === 0) yield;
		}
		if (ranges.length > 0) deleted.set(client, ranges);
	}
	return deleted;
}

/** Yjs writes ranges in order and joined. Ranges over each other would be walked again and again. */
function readRange(decoder: BoundedDecoder, before: DeletedRange | undefined): DeletedRange {
	const range = { clock: decoder.readDsClock(), len: decoder.readDsLen() };
	assertSpan(range.clock, range.len);
	if (before && range.clock < before.clock + before.len)
		throw new Refusal('malformed-update', 'deleted ranges are not in order');
	return range;
}

function assertSpan(clock: number, length: number): void {
	if (length < 1) throw new Refusal('malformed-update', 'a struct or range has no length');
	if (clock + length > CLOCK_MAX)
		throw new Refusal('malformed-update', `clock ${clock + length} is no clock`);
}
