import { Refusal } from '#domain/refusal.ts';

/** A record of evidence has 8 parts; two bytes each can build an object of 56. */
const VALUE_PARTS_MAX = 64;
const VALUE_DEPTH_MAX = 4;

/** First byte of an encoded plain value, as lib0 writes it. */
const TAG = {
	array: 117,
	object: 118,
	string: 119,
	bytes: 116,
	integer: 125,
	float32: 124,
	float64: 123,
	bigint: 122
};

/**
 * Looks over one plain value in an update before it is read, so that nesting and number of parts have an end.
 * Bytes that are no value are left to the reader.
 * @throws {Refusal} `schema`
 */
export function assertSmallValue(bytes: Uint8Array, at: number): void {
	const tag = bytes[at];
	if (tag === TAG.object || tag === TAG.array) new ValueWalk(bytes, at).skipValue(0);
}

class ValueWalk {
	readonly #bytes: Uint8Array;
	#at: number;
	#parts = 0;

	constructor(bytes: Uint8Array, at: number) {
		this.#bytes = bytes;
		this.#at = at;
	}

	skipValue(depth: number): void {
		if (++this.#parts > VALUE_PARTS_MAX || depth > VALUE_DEPTH_MAX)
			throw new Refusal('schema', 'holds a value of too many parts');
		const tag = this.#bytes[this.#at++];
		if (tag === TAG.object || tag === TAG.array) this.#skipParts(tag, depth);
		else if (tag === TAG.string || tag === TAG.bytes) this.#skipBytes();
		else if (tag === TAG.integer) this.#varUint();
		else if (tag === TAG.float32) this.#at += 4;
		else if (tag === TAG.float64 || tag === TAG.bigint) this.#at += 8;
	}

	#skipParts(tag: number, depth: number): void {
		const count = this.#varUint();
		for (let index = 0; index < count; index++) {
			if (tag === TAG.object) this.#skipBytes();
			this.skipValue(depth + 1);
		}
	}

	#skipBytes(): void {
		const length = this.#varUint();
		this.#at += length;
	}

	#varUint(): number {
		let value = 0;
		for (let factor = 1; ; factor *= 128) {
			const byte = this.#bytes[this.#at++] ?? 0;
			value += (byte % 128) * factor;
			if (byte < 128) return value;
		}
	}
}
