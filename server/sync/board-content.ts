import * as Y from 'yjs';
import { NO_BOUNDS } from '#doc/inspection/bounded-decoder.ts';
import { decodeInSteps } from '#doc/inspection/decode-update.ts';
import type { Steps } from '#doc/steps.ts';
import type { PackedState } from '#server/journal/packed-state.ts';
import { unpackState } from '#server/journal/packed-state.ts';
import type { StoredBoard, TailMax } from '#server/journal/stored-board.ts';
import { applyInParts } from './apply-in-parts.ts';

/** An update of so many bytes is applied at once. */
const BYTES_AT_ONCE = 16 << 10;

/** A committed entry, as far as those who come back need it. */
export interface KeptEntry {
	seq: number;
	hash: string;
	update: Uint8Array;
}
/** A state the board had, packed; none at seq 0. */
export interface Base {
	seq: number;
	hash: string;
	state: PackedState | undefined;
}

/**
 * What is on a board: bytes, which is enough for those who read, and a document for as long as somebody writes.
 * The bytes are what is committed, the document is everything taken in.
 */
export class BoardContent {
	readonly #kept: TailMax;
	#base: Base;
	/** Without gaps, up to the last committed one; those before the base are for who was away for a moment. */
	#entries: KeptEntry[];
	#tailBytes: number;
	#doc: Y.Doc | undefined;
	/** State vector while there is no document. */
	#stateVector: Uint8Array;
	#usedAt = Number.NEGATIVE_INFINITY;

	/** @param kept how much of what lies before the base stays in memory */
	constructor({ base, tail, stateVector }: StoredBoard, kept: TailMax) {
		this.#base = base;
		this.#entries = tail.map(({ seq, hash, update }) => ({ seq, hash, update }));
		this.#tailBytes = bytesOf(this.#entries);
		this.#stateVector = stateVector;
		this.#kept = kept;
	}

	/** When the document was last needed, by the clock of `performance`. */
	get usedAt(): number {
		return this.#usedAt;
	}
	get hasDocument(): boolean {
		return this.#doc !== undefined;
	}
	get base(): Base {
		return this.#base;
	}
	/** The last committed entry. */
	get end(): Pick<Base, 'seq' | 'hash'> {
		return this.#entries.at(-1) ?? this.#base;
	}
	get stateVector(): Uint8Array {
		return this.#doc ? Y.encodeStateVector(this.#doc) : this.#stateVector;
	}

	/**
	 * The document, which is built if there is none: only who writes needs it. Nothing may be committed before the last
	 * step.
	 * @throws if what is stored is no board
	 */
	*document(): Steps<Y.Doc> {
		this.#usedAt = performance.now();
		return (this.#doc ??= yield* this.#build());
	}

	*#build(): Steps<Y.Doc> {
		const doc = new Y.Doc();
		const { state, seq } = this.#base;
		const stored = state ? [unpackState(state)] : [];
		for (const update of [...stored, ...this.since(seq)!.map((entry) => entry.update)]) {
			if (update.byteLength < BYTES_AT_ONCE) Y.applyUpdate(doc, update);
			else yield* applyInParts(doc, yield* decodeInSteps(update, NO_BOUNDS));
			yield;
		}
		if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('the stored board does not replay');
		return doc;
	}

	/** Takes note of what was committed; the document has it already. */
	keep(entries: readonly KeptEntry[]): void {
		for (const { seq, hash, update } of entries) this.#entries.push({ seq, hash, update });
		this.#tailBytes += bytesOf(entries);
	}

	/** Committed entries after a seq; undefined if they are not in memory any more, or not there yet. */
	since(seq: number): KeptEntry[] | undefined {
		const { seq: end } = this.end;
		const first = end - this.#entries.length;
		return seq >= first && seq <= end ? this.#entries.slice(seq - first) : undefined;
	}

	/** Hash of a committed entry; undefined where it is not in memory. */
	hashAt(seq: number): string | undefined {
		if (seq === this.#base.seq) return this.#base.hash;
		return this.#entries[this.#entries.length - 1 - (this.end.seq - seq)]?.hash;
	}

	/** What came after the base. */
	get tail(): TailMax {
		return { entries: this.end.seq - this.#base.seq, bytes: this.#tailBytes };
	}

	/** Puts a later state in the place of the base. */
	rebase(base: Base): void {
		this.#base = base;
		const tail = this.since(base.seq)!;
		const before = this.#entries.slice(0, -tail.length || undefined).slice(-this.#kept.entries);
		while (bytesOf(before) > this.#kept.bytes) before.splice(0, Math.ceil(before.length / 2));
		this.#entries = [...before, ...tail];
		this.#tailBytes = bytesOf(tail);
	}

	/** Frees the document; nothing may be on its way into the journal. */
	forgetDocument(): void {
		if (!this.#doc) return;
		this.#stateVector = this.stateVector;
		this.#doc.destroy();
		this.#doc = undefined;
	}
}

function bytesOf(entries: readonly KeptEntry[]): number {
	return entries.reduce((sum, { update }) => sum + update.byteLength, 0);
}
