import * as Y from 'yjs';
import {
	MARK_MAX_CHARS,
	UPDATE_CONTAINERS_MAX,
	UPDATE_MAX_BYTES,
	UPDATE_RANGES_MAX,
	UPDATE_STRUCTS_MAX
} from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import { assertSmallValue } from './value-size.ts';

/** Which kind of content an item has stands in the low five bits of its first byte. */
export const KIND = 0b1_1111;
/** GC, deleted, string, format, type, any, skip. JSON, binary, embed and document are in no honest board. */
const KNOWN_KINDS = (1 << 0) | (1 << 1) | (1 << 4) | (1 << 6) | (1 << 7) | (1 << 8) | (1 << 10);

/** How much an update may hold. */
export interface Bounds {
	bytes: number;
	structs: number;
	ranges: number;
	containers: number;
}
const UPDATE_BOUNDS: Bounds = {
	bytes: UPDATE_MAX_BYTES,
	structs: UPDATE_STRUCTS_MAX,
	ranges: UPDATE_RANGES_MAX,
	containers: UPDATE_CONTAINERS_MAX
};
/** For the state of a board, which grew from updates that were each within theirs. */
export const NO_BOUNDS: Bounds = {
	bytes: Infinity,
	structs: Infinity,
	ranges: Infinity,
	containers: Infinity
};

/**
 * Reads an update as Yjs does, but refuses before it allocates what no honest update holds: a few bytes must not
 * become megabytes.
 */
export class BoundedDecoder extends Y.UpdateDecoderV1 {
	readonly #bounds: Bounds;
	readonly #clients = new Set<number>();
	#structs = 0;
	#ranges = 0;
	#containers = 0;

	/** @throws {Refusal} `too-large` */
	constructor(update: Uint8Array, bounds = UPDATE_BOUNDS) {
		super({ arr: update, pos: 0 });
		this.#bounds = bounds;
		if (update.byteLength > bounds.bytes)
			throw new Refusal('too-large', `update of ${update.byteLength} bytes`);
	}

	/** Yjs keeps only the last block of a client that stands twice. */
	override readClient(): number {
		const client = super.readClient();
		if (this.#clients.has(client)) throw new Refusal('malformed-update', `client ${client} stands twice`);
		if (!Number.isSafeInteger(client)) throw new Refusal('malformed-update', `${client} is no client`);
		this.#clients.add(client);
		return client;
	}

	override readInfo(): number {
		const info = super.readInfo();
		this.#count();
		if (((KNOWN_KINDS >> (info & KIND)) & 1) === 0)
			throw new Refusal('schema', `holds content of kind ${info & KIND}, which is not of this format`);
		return info;
	}

	override readDsClock(): number {
		if (++this.#ranges > this.#bounds.ranges)
			throw new Refusal('too-large', `update holds more than ${this.#bounds.ranges} deleted ranges`);
		return super.readDsClock();
	}

	#count(): void {
		if (++this.#structs > this.#bounds.structs)
			throw new Refusal('too-large', `update holds more than ${this.#bounds.structs} structs and values`);
	}

	override readTypeRef(): number {
		if (++this.#containers > this.#bounds.containers)
			throw new Refusal('too-large', `update holds more than ${this.#bounds.containers} maps and nodes`);
		return super.readTypeRef();
	}

	override readAny(): unknown {
		this.#count();
		assertSmallValue(this.restDecoder.arr, this.restDecoder.pos);
		return super.readAny();
	}

	override readJSON(): unknown {
		const json = this.readString();
		if (json.length > MARK_MAX_CHARS) throw new Refusal('schema', 'holds too large a mark');
		return JSON.parse(json);
	}
}
