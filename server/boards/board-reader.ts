import * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import { readBoard } from '#doc/read-board.ts';
import type { Journal } from '#server/journal/journal.ts';

/** Boards kept ready; one more lets the one read longest ago go. */
const KEPT = 8;

/** A board as it is committed. */
export interface BoardAt {
	board: Board;
	seq: number;
	epoch: number;
	/** When the last entry came, ISO 8601 UTC; null for an empty journal. */
	at: string | null;
}
type Copy = { doc: Y.Doc; seq: number; epoch: number; at: string | null; picture: BoardAt | undefined };

/** Reads boards for pages and the API: it follows the journal, so it only ever shows what is committed. */
export class BoardReader {
	readonly #journal: Journal;
	readonly #copies = new Map<string, Promise<Copy>>();
	constructor(journal: Journal) {
		this.#journal = journal;
	}

	/** A board as it is now. @throws {Refusal} `not-found` */
	async read(boardId: string): Promise<BoardAt> {
		const head = await this.#journal.head(boardId);
		const before = this.#copies.get(boardId);
		const next = (before ?? this.#load(boardId)).then((copy) => this.#advance(boardId, copy, head));
		this.#keep(boardId, next);
		const copy = await next;
		copy.picture ??= { board: readBoard(copy.doc), seq: copy.seq, epoch: copy.epoch, at: copy.at };
		return copy.picture;
	}

	#keep(boardId: string, copy: Promise<Copy>): void {
		this.#copies.delete(boardId); // so that the order is that of the last reading
		this.#copies.set(boardId, copy);
		copy.catch(() => this.#copies.get(boardId) === copy && this.#copies.delete(boardId));
		const oldest = this.#copies.keys().next().value;
		if (this.#copies.size > KEPT && oldest !== undefined) this.#copies.delete(oldest);
	}

	async #load(boardId: string): Promise<Copy> {
		const { doc, head } = await this.#journal.load(boardId);
		return {
			doc,
			seq: head.seq,
			epoch: head.epoch,
			at: head.at,
			picture: undefined
		};
	}

	async #advance(boardId: string, copy: Copy, head: { seq: number; epoch: number }): Promise<Copy> {
		if (copy.epoch !== head.epoch) return this.#load(boardId);
		if (copy.seq >= head.seq) return copy;
		for await (const entry of this.#journal.entries(boardId, copy.seq)) {
			if (entry.seq !== copy.seq + 1) throw new Error(`journal of ${boardId} misses entry ${copy.seq + 1}`);
			Y.applyUpdate(copy.doc, entry.update);
			copy.seq = entry.seq;
			copy.at = entry.receivedAt;
		}
		copy.picture = undefined;
		return copy;
	}
}
