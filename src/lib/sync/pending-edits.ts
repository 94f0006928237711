import type * as Y from 'yjs';

/** What a person wants of the board, to be done again on a fresh copy should that be needed. */
export type Intent = (doc: Y.Doc, origin: unknown) => void;

/** A local edit the server has not vouched for yet. */
export interface PendingEdit {
	/** Undefined for what is no single intent: typing in notes, undo. */
	intent: Intent | undefined;
	/** Which update-carrying message of the current connection holds it; undefined = none yet. */
	count: number | undefined;
}

/** The local edits on their way to the journal, in the order they were made. */
export class PendingEdits {
	#edits: PendingEdit[] = [];
	/** Edits of earlier visits, of which only the number is known; they go with the first answer. */
	#earlier: { edits: number; count: number | undefined };

	constructor(earlierEdits: number) {
		this.#earlier = { edits: earlierEdits, count: undefined };
	}

	get size(): number {
		return this.#edits.length + this.#earlier.edits;
	}

	/** Takes a new local edit down; `count` if it was sent at once. */
	add(intent: Intent | undefined, count: number | undefined): void {
		this.#edits.push({ intent, count });
	}

	/** Everything so far went with this message, the answer to what the server lacks. */
	sentAll(count: number): void {
		for (const edit of this.#edits) edit.count = count;
		this.#earlier.count = count;
	}

	/** The server vouches for the first `count` messages of this connection. */
	acked(count: number): void {
		this.#edits = this.#edits.filter((edit) => edit.count === undefined || edit.count > count);
		if (this.#earlier.count !== undefined && this.#earlier.count <= count)
			this.#earlier = { edits: 0, count: undefined };
	}

	/** Messages are counted anew on the next connection. */
	lineLost(): void {
		for (const edit of this.#edits) edit.count = undefined;
		this.#earlier.count = undefined;
	}

	/** Takes every edit out. */
	takeAll(): { edits: PendingEdit[]; earlier: number } {
		const taken = { edits: this.#edits, earlier: this.#earlier.edits };
		this.#edits = [];
		this.#earlier = { edits: 0, count: undefined };
		return taken;
	}
}
