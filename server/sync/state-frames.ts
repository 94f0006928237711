import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { encodeSync, SYNC } from '#protocol/message.ts';

/** Different state vectors answered at one seq and kept: all who come back after a restart ask for the same. */
const KEPT = 4;

/** Frames with what is missing from a state vector on; worked out once for all who ask the same at the same seq. */
export class StateFrames {
	readonly #doc: Y.Doc;
	readonly #frames = new Map<string, Uint8Array>();
	#seq = -1;
	constructor(doc: Y.Doc) {
		this.#doc = doc;
	}

	/**
	 * The sync step 2 for a state vector.
	 * @param seq number of the last update the document holds
	 * @throws {Refusal} `malformed-update` if the state vector does not decode
	 */
	since(stateVector: Uint8Array, seq: number): Uint8Array {
		if (seq !== this.#seq) this.#frames.clear();
		this.#seq = seq;
		const key = Buffer.from(stateVector).toString('latin1');
		const known = this.#frames.get(key);
		if (known) return known;
		const frame = encodeSync(SYNC.step2, this.#missingFrom(stateVector));
		if (this.#frames.size < KEPT) this.#frames.set(key, frame);
		return frame;
	}

	#missingFrom(stateVector: Uint8Array): Uint8Array {
		try {
			return Y.encodeStateAsUpdate(this.#doc, stateVector);
		} catch (error) {
			throw new Refusal('malformed-update', 'state vector does not decode', { cause: error });
		}
	}
}
