import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { Steps } from '#doc/steps.ts';
import { encodeCatchUp, encodeSync, markOf, SYNC } from '#protocol/message.ts';
import { unpackState } from '#server/journal/packed-state.ts';
import type { Base, BoardContent, KeptEntry } from './board-content.ts';

/** Different state vectors answered at one seq and kept: all who come back after a restart ask for the same. */
const KEPT = 4;
/** Different seqs, in the same way: those who lost their line in the same second are at a few. */
const KEPT_SEQS = 16;
const NOTHING = Uint8Array.of(0);
/** A step 2 for who has everything: an update without structs and deletions. */
export const EMPTY_STEP2 = encodeSync(SYNC.step2, Uint8Array.of(0, 0));

/** A frame, and whether it was worked out just for this question. */
export interface Answer {
	frame: Uint8Array;
	isNew: boolean;
}

/** Frames for those who join or come back; worked out once for all who lack the same. */
export class JoinAnswers {
	readonly #content: BoardContent;
	readonly #document: () => Steps<Y.Doc>;
	readonly #unknownClientsMax: number;
	readonly #byVector = new Map<string, Uint8Array>();
	#vectorsAt = -1;
	readonly #bySeq = new Map<number, Uint8Array>();
	#seqsAt = -1;
	#packed: { base: Base; frame: Uint8Array } | undefined;

	/**
	 * @param document of the content, for who asks with a state vector of their own
	 * @param unknownClientsMax Yjs clients a state vector may name beyond those of the board
	 */
	constructor(content: BoardContent, document: () => Steps<Y.Doc>, unknownClientsMax: number) {
		this.#content = content;
		this.#document = document;
		this.#unknownClientsMax = unknownClientsMax;
	}

	/** Catch-ups for who has nothing. */
	all(): Uint8Array[] {
		const { base } = this.#content;
		const rest = this.since(base.seq)!;
		if (!base.state) return [rest];
		if (this.#packed?.base !== base) {
			const { seq, hash, state } = base;
			const frame = encodeCatchUp({ seq, mark: markOf(hash), deflated: state.deflated, updates: [] });
			this.#packed = { base, frame };
		}
		return [this.#packed.frame, rest];
	}

	/** The catch-up for who has everything up to a seq; undefined if what they lack is not in memory. */
	since(seq: number): Uint8Array | undefined {
		const { end } = this.#content;
		if (end.seq !== this.#seqsAt) this.#bySeq.clear();
		this.#seqsAt = end.seq;
		const known = this.#bySeq.get(seq);
		if (known) return known;
		const entries = this.#content.since(seq);
		if (!entries) return undefined;
		const frame = this.#upToEnd(entries);
		if (this.#bySeq.size < KEPT_SEQS) this.#bySeq.set(seq, frame);
		return frame;
	}

	/** The same with entries that were read from the journal. */
	sinceRead(read: readonly Pick<KeptEntry, 'seq' | 'update'>[]): Uint8Array | undefined {
		const rest = this.#content.since(read.at(-1)!.seq);
		return rest && this.#upToEnd([...read, ...rest]);
	}

	#upToEnd(entries: readonly Pick<KeptEntry, 'update'>[]): Uint8Array {
		const { seq, hash } = this.#content.end;
		return encodeCatchUp({ seq, mark: markOf(hash), updates: entries.map(({ update }) => update) });
	}

	/**
	 * The sync step 2 for a state vector.
	 * @param seq number of the last update the document holds
	 * @throws {Refusal} `malformed-update` if the state vector does not decode, `too-large` if it is of no such document
	 */
	*missingFrom(stateVector: Uint8Array, seq: number): Steps<Answer> {
		if (seq !== this.#vectorsAt) this.#byVector.clear();
		this.#vectorsAt = seq;
		const key = Buffer.from(stateVector).toString('latin1');
		const known = this.#byVector.get(key);
		if (known) return { frame: known, isNew: false };
		const frame = encodeSync(SYNC.step2, this.#stored(stateVector) ?? (yield* this.#encode(stateVector)));
		if (this.#byVector.size < KEPT) this.#byVector.set(key, frame);
		return { frame, isNew: true };
	}

	/** Who has nothing gets the stored state, if that is all there is. */
	#stored(stateVector: Uint8Array): Uint8Array | undefined {
		const { base, end, hasDocument } = this.#content;
		const isAll = base.state && base.seq === end.seq && !hasDocument;
		return isAll && NOTHING.every((byte, index) => byte === stateVector[index]) && stateVector.length === 1
			? unpackState(base.state!)
			: undefined;
	}

	*#encode(stateVector: Uint8Array): Steps<Uint8Array> {
		const doc = yield* this.#document();
		try {
			const clients = decoding.readVarUint(decoding.createDecoder(stateVector));
			if (clients > doc.store.clients.size + this.#unknownClientsMax)
				throw new Refusal('too-large', `state vector of ${clients} clients`);
			return Y.encodeStateAsUpdate(doc, stateVector);
		} catch (error) {
			if (error instanceof Refusal) throw error;
			throw new Refusal('malformed-update', 'state vector does not decode', { cause: error });
		}
	}

	/** Frees what was worked out. */
	forget(): void {
		this.#byVector.clear();
		this.#bySeq.clear();
		this.#packed = undefined;
	}
}
