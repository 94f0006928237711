import * as Y from 'yjs';
import { CLOCK_MAX, UPDATE_MAX_BYTES } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import { BoundedDecoder } from './bounded-decoder.ts';

export type Struct = Y.Item | Y.GC | Y.Skip;
export type DeletedRange = { clock: number; len: number };
export interface DecodedUpdate {
	/** By client, each in the order of its clocks and without a hole. */
	structs: Map<number, Struct[]>;
	/** By client: ranges of deleted clocks, ascending and apart from one another. */
	deleted: Map<number, DeletedRange[]>;
	/** Where in its bytes each client's block begins, in the order of `structs`. */
	blockStarts: readonly number[];
}

/**
 * Decodes an update (encoding V1) without touching a document, at a cost its bytes can justify.
 * @throws {Refusal} `malformed-update` if it does not decode to its last byte, `too-large` over a cap, `schema` for
 *   kinds of content the format has none of
 */
export function decodeUpdate(update: Uint8Array): DecodedUpdate {
	if (update.byteLength > UPDATE_MAX_BYTES)
		throw new Refusal('too-large', `update of ${update.byteLength} bytes`);
	const { structs, ds, blockStarts } = decode(update);
	for (const ranges of ds.clients.values()) assertAscending(ranges);
	return { structs: byClient(structs), deleted: ds.clients, blockStarts };
}

function decode(update: Uint8Array) {
	let decoder: BoundedDecoder | undefined;
	// Yjs makes the decoder itself, with `new`; a constructor may hand out what it likes
	const makeDecoder = function (rest: BoundedDecoder['restDecoder']) {
		return (decoder = new BoundedDecoder(rest));
	} as unknown as typeof Y.UpdateDecoderV1;
	try {
		const decoded = Y.decodeUpdateV2(update, makeDecoder);
		const { restDecoder, blockStarts } = decoder!;
		if (restDecoder.pos === update.byteLength) return { ...decoded, blockStarts };
	} catch (error) {
		if (error instanceof Refusal) throw error;
		throw new Refusal('malformed-update', 'update does not decode', { cause: error });
	}
	throw new Refusal('malformed-update', 'bytes follow the end of the update');
}

/** Each client stands in an update once (the decoder saw to it), so that its structs follow one another. */
function byClient(structs: readonly Struct[]): Map<number, Struct[]> {
	const lists = new Map<number, Struct[]>();
	for (const struct of structs) {
		assertSpan(struct.id.clock, struct.length);
		const list = lists.get(struct.id.client);
		if (list) list.push(struct);
		else lists.set(struct.id.client, [struct]);
	}
	return lists;
}

/** Yjs writes ranges in order and joined. Ranges over each other would be walked again and again. */
function assertAscending(ranges: readonly DeletedRange[]): void {
	let end = 0;
	for (const { clock, len } of ranges) {
		assertSpan(clock, len);
		if (clock < end) throw new Refusal('malformed-update', 'deleted ranges are not in order');
		end = clock + len;
	}
}

function assertSpan(clock: number, length: number): void {
	if (length < 1) throw new Refusal('malformed-update', 'a struct or range has no length');
	if (clock + length > CLOCK_MAX)
		throw new Refusal('malformed-update', `clock ${clock + length} is no clock`);
}
