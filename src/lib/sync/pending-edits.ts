import type * as Y from 'yjs';

/** What a person wants of the board, to be done again on a fresh copy should that be needed. */
export type Intent = (doc: Y.Doc, origin: unknown) => void;

/** A local edit the server has not vouched for yet. */
export interface PendingEdit {
	/** Undefined for what is no single intent: typing in notes, undo. */
	intent: Intent | undefined;
	/** Which update-carrying message of the current connection holds it; undefined = none yet. */
	count: number | undefined;
	/** Under which it is kept in the browser until the server vouches for it. */
	key: string;
}

/** The local edits on their way to the journal, in the order they were made. */
export class PendingEdits {
	#edits: PendingEdit[] = [];
	/** Edits of earlier visits, of which only the number is known; they go with the first answer. */
	#earlier: { edits: number; count: number | undefined; keys: readonly string[] };

	/** @param earlierKeys under which they are kept in the browser */
	constructor(earlierEdits: number, earlierKeys: readonly string[] = []) {
		this.#earlier = { edits: earlierEdits, count: undefined, keys: earlierKeys };
	}

	get size(): number {
		return this.#edits.length + this.#earlier.edits;
	}

	/** Takes a new local edit down; `count` if it was sent at once. */
	add(edit: PendingEdit): void {
		this.#edits.push(edit);
	}

	/** Everything so far went with this message, the answer to what the server lacks. */
	sentAll(count: number): void {
		for (const edit of this.#edits) edit.count = count;
		this.#earlier.count = count;
	}

	/** The server vouches for the first `count` messages of this connection; the keys of what was in them. */
	acked(count: number): string[] {
		const isIn = (edit: { count: number | undefined }) => edit.count !== undefined && edit.count <= count;
		const done = this.#edits.filter(isIn).map(({ key }) => key);
		this.#edits = this.#edits.filter((edit) => !isIn(edit));
		if (!isIn(this.#earlier)) return done;
		const { keys } = this.#earlier;
		this.#earlier = { edits: 0, count: undefined, keys: [] };
		return [...keys, ...done];
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
		this.#earlier = { edits: 0, count: undefined, keys: [] };
		return taken;
	}
}
