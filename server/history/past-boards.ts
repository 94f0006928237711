import { readBoard } from '#doc/read-board.ts';
import type { BoardAt } from '#server/boards/board-reader.ts';
import type { Journal } from '#server/journal/journal.ts';
import { seqOfMoment } from './seq-of-moment.ts';

/** Boards of the past kept ready: they never change, but they are large. */
const KEPT = 4;

/** Boards as they were: the newest snapshot before a moment and the journal from there, else the whole journal. */
export class PastBoards {
	readonly #journal: Journal;
	readonly #kept = new Map<string, Promise<BoardAt>>();
	#tail: Promise<unknown> = Promise.resolve();
	constructor(journal: Journal) {
		this.#journal = journal;
	}

	/**
	 * A board as it was.
	 * @param at number of an entry, or an ISO 8601 time with its zone
	 * @throws {Refusal} `bad-request` if it is neither or yet to come, `not-found` if the board was not there yet
	 */
	async read(boardId: string, at: string): Promise<BoardAt> {
		const seq = await seqOfMoment(this.#journal, boardId, { moment: at, parameter: 'at' });
		const key = `${boardId}@${seq}`;
		const picture = this.#kept.get(key) ?? this.#inTurn(() => this.#load(boardId, seq));
		this.#keep(key, picture);
		return picture;
	}

	/** One at a time: each may hold a whole board's past in memory. */
	#inTurn<T>(load: () => Promise<T>): Promise<T> {
		const turn = this.#tail.then(load);
		this.#tail = turn.catch(() => {});
		return turn;
	}

	async #load(boardId: string, seq: number): Promise<BoardAt> {
		const { doc, head } = await this.#journal.load(boardId, seq);
		const picture = { board: readBoard(doc), seq: head.seq, epoch: head.epoch, at: head.at };
		doc.destroy();
		return picture;
	}

	#keep(key: string, picture: Promise<BoardAt>): void {
		this.#kept.delete(key); // so that the order is that of the last reading
		this.#kept.set(key, picture);
		picture.catch(() => this.#kept.get(key) === picture && this.#kept.delete(key));
		const oldest = this.#kept.keys().next().value;
		if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
	}
}
