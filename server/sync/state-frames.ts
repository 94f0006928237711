import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { encodeSync, SYNC } from '#protocol/message.ts';

/** Different state vectors answered at one seq and kept: all who come back after a restart ask for the same. */
const KEPT = 4;

/** Frames with what is missing from a state vector on; worked out once for all who ask the same at the same seq. */
export class StateFrames {
	readonly #doc: Y.Doc;
	readonly #unknownClientsMax: number;
	readonly #frames = new Map<string, Uint8Array>();
	#seq = -1;

	/** @param unknownClientsMax Yjs clients a state vector may name beyond those of the document */
	constructor(doc: Y.Doc, unknownClientsMax: number) {
		this.#doc = doc;
		this.#unknownClientsMax = unknownClientsMax;
	}

	/**
	 * The sync step 2 for a state vector, and whether it was worked out just for this.
	 * @param seq number of the last update the document holds
	 * @throws {Refusal} `malformed-update` if the state vector does not decode, `too-large` if it is of no such document
	 */
	since(stateVector: Uint8Array, seq: number): { frame: Uint8Array; isNew: boolean } {
		if (seq !== this.#seq) this.#frames.clear();
		this.#seq = seq;
		const key = Buffer.from(stateVector).toString('latin1');
		const known = this.#frames.get(key);
		if (known) return { frame: known, isNew: false };
		const frame = encodeSync(SYNC.step2, this.#missingFrom(stateVector));
		if (this.#frames.size < KEPT) this.#frames.set(key, frame);
		return { frame, isNew: true };
	}

	#missingFrom(stateVector: Uint8Array): Uint8Array {
		try {
			const clients = decoding.readVarUint(decoding.createDecoder(stateVector));
			if (clients > this.#doc.store.clients.size + this.#unknownClientsMax)
				throw new Refusal('too-large', `state vector of ${clients} clients`);
			return Y.encodeStateAsUpdate(this.#doc, stateVector);
		} catch (error) {
			if (error instanceof Refusal) throw error;
			throw new Refusal('malformed-update', 'state vector does not decode', { cause: error });
		}
	}
}
