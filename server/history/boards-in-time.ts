import type { RichTextNode } from '#doc/read-rich-text.ts';
import type { BoardAt, BoardNow, BoardReader, WithNotes } from '#server/boards/board-reader.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { Journal } from '#server/journal/journal.ts';
import { BoardTimeline } from './board-timeline.ts';
import type { PastBoards } from './past-boards.ts';
import { seqOfMoment } from './seq-of-moment.ts';

/** From here on a board's document takes too long to build for every moment somebody asks for. */
const LARGE = { projects: 2_000, entries: 20_000 };
/** Timelines kept: one of a million changes takes some 50 MB. */
const KEPT = 2;

/** Boards as they were at any moment: from the journal, or where that would take long from the changes since. */
export class BoardsInTime {
	readonly #db: DatabaseHandle;
	readonly #journal: Journal;
	readonly #reader: BoardReader;
	readonly #pastBoards: PastBoards;
	readonly #large: typeof LARGE;
	readonly #timelines = new Map<string, BoardTimeline>();
	#tail: Promise<unknown> = Promise.resolve();
	constructor(
		parts: { db: DatabaseHandle; journal: Journal; boardReader: BoardReader; pastBoards: PastBoards },
		large = LARGE
	) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#reader = parts.boardReader;
		this.#pastBoards = parts.pastBoards;
		this.#large = large;
	}

	/**
	 * A board as it was.
	 * @param at number of an entry, or an ISO 8601 time with its zone
	 * @throws {Refusal} `bad-request` if it is neither or yet to come, `not-found` if the board was not there yet
	 */
	async read(boardId: string, at: string): Promise<BoardAt> {
		const seq = await seqOfMoment(this.#journal, boardId, { moment: at, parameter: 'at' });
		const now = await this.#reader.readWithNotes(boardId);
		const { board, ...head } = this.#isLarge(now)
			? (await this.#fromChanges(boardId, [seq]))[0]!
			: await this.#pastBoards.after(boardId, seq);
		return { board, seq: head.seq, epoch: head.epoch, at: head.at };
	}

	/** The notes of a project as they were, from the journal. @throws {Refusal} as `read`, `not-found` without the project */
	notes(boardId: string, projectId: string, at: string): Promise<RichTextNode[]> {
		return this.#pastBoards.notes(boardId, projectId, at);
	}

	/** A board after two entries, with the words of its notes. @param to absent = now */
	async both(boardId: string, from: number, to?: number): Promise<[WithNotes, WithNotes]> {
		const now = await this.#reader.readWithNotes(boardId);
		const end = to ?? Math.max(from, now.seq);
		if (this.#isLarge(now)) {
			const [before, after] = await this.#fromChanges(boardId, [from, end]);
			return [before!, after!];
		}
		if (end !== now.seq) return this.#pastBoards.afterBoth(boardId, from, end);
		return [from === now.seq ? now : await this.#pastBoards.after(boardId, from), now];
	}

	#isLarge({ board, seq }: BoardNow): boolean {
		return board.projects.length > this.#large.projects || seq > this.#large.entries;
	}

	/** One at a time: a timeline is read into. */
	#fromChanges(boardId: string, seqs: readonly number[]): Promise<WithNotes[]> {
		const turn = this.#tail.then(async () => {
			const now = await this.#reader.readWithNotes(boardId);
			const timeline = this.#timelineOf(boardId, now);
			await timeline.reach(Math.min(...seqs), now.seq);
			return Promise.all(
				seqs.map(async (seq) => {
					const [entry] = await this.#journal.times(boardId, { below: seq + 1, limit: 1 });
					return { ...timeline.boardAfter(seq, now), seq, epoch: now.epoch, at: entry?.at ?? null };
				})
			);
		});
		this.#tail = turn.catch(() => this.#timelines.delete(boardId)); // it may hold a part of what was read
		return turn;
	}

	#timelineOf(boardId: string, now: BoardNow): BoardTimeline {
		const known = this.#timelines.get(boardId);
		const timeline = known?.epoch === now.epoch ? known : new BoardTimeline(this.#db, boardId, now);
		this.#timelines.delete(boardId); // so that the order is that of the last reading
		this.#timelines.set(boardId, timeline);
		const oldest = this.#timelines.keys().next().value;
		if (this.#timelines.size > KEPT && oldest !== undefined) this.#timelines.delete(oldest);
		return timeline;
	}
}
