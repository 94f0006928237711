import { Refusal } from '#domain/refusal.ts';
import { type BoardComparison, compareBoards } from '#domain/compare-boards.ts';
import type { StartingPoint } from '#domain/starting-point.ts';
import type { WithNotes } from '#server/boards/board-reader.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { BoardsInTime } from './boards-in-time.ts';
import { seqOfMoment } from './seq-of-moment.ts';
import { startingPoints } from './starting-points.ts';

/** A moment of a board: the last entry it held, and when that came. */
export interface Moment {
	seq: number;
	/** ISO 8601 UTC. */
	at: string | null;
}
/** A board compared at two moments. */
export interface MomentsCompared extends BoardComparison {
	from: Moment;
	to: Moment;
}

/** Compares boards at two moments. */
export class CompareService {
	readonly #journal: Journal;
	readonly #boards: BoardsInTime;
	constructor(parts: { journal: Journal; boards: BoardsInTime }) {
		this.#journal = parts.journal;
		this.#boards = parts.boards;
	}

	/**
	 * What differs between a board at two moments, each the number of an entry or an ISO 8601 time with its zone.
	 * @param moments `to` absent = now
	 * @throws {Refusal} `bad-request` naming the moment that is none, yet to come, or behind the other one; `not-found` if
	 * the board was not there yet
	 */
	async compare(
		boardId: string,
		moments: { from: string; to?: string | undefined }
	): Promise<MomentsCompared> {
		const from = await this.#seqOf(boardId, 'from', moments.from);
		const to = moments.to === undefined ? undefined : await this.#seqOf(boardId, 'to', moments.to);
		if (to !== undefined && from > to)
			throw new Refusal('bad-request', '"from" lies behind "to"', { path: ['from'] });
		const [before, after] = await this.#boards.both(boardId, from, to);
		const comparison = compareBoards(
			{ ...before.board, notes: before.notes },
			{ ...after.board, notes: after.notes }
		);
		return { from: momentOf(before), to: momentOf(after), ...comparison };
	}

	/** Moments worth comparing with. @param visitAt when somebody's last visit ended, if there was one */
	startingPoints(boardId: string, visitAt: string | null): Promise<StartingPoint[]> {
		return startingPoints(this.#journal, boardId, { visitAt, now: new Date() });
	}

	#seqOf(boardId: string, parameter: string, moment: string): Promise<number> {
		return seqOfMoment(this.#journal, boardId, { moment, parameter });
	}
}

function momentOf({ seq, at }: WithNotes): Moment {
	return { seq, at };
}
