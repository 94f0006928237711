import type { RichTextNode } from '#doc/read-rich-text.ts';
import type { BoardAt, BoardReader, WithNotes } from '#server/boards/board-reader.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { Head, Journal } from '#server/journal/journal.ts';
import { BoardTimeline } from './board-timeline.ts';
import { deleteCheckpoints, findCheckpoint, findPicture } from './checkpoint.repository.ts';
import { type Picture, unpackPicture } from './checkpoint.ts';
import type { PastBoards } from './past-boards.ts';
import { seqOfMoment } from './seq-of-moment.ts';

/** From here on a board's document takes too long to build for every moment somebody asks for. */
const LARGE = { projects: 2_000, entries: 20_000 };
/** Checkpoints and timelines kept: one of 10,000 projects takes some 20 MB. */
const KEPT = 4;

/** Two moments this near are made from one board: another checkpoint, and looking into all of both, takes longer. */
const NEAR_ENTRIES = 15_000;

/** A board from which those before can be made, and what changed before it. */
interface Base {
	seq: number;
	epoch: number;
	picture: Picture;
	timeline: BoardTimeline;
}

async function pictureFrom({ seq: end, picture, timeline }: Base, seq: number): Promise<Picture> {
	if (seq === end) return picture;
	await timeline.reach(seq, end);
	return timeline.boardAfter(seq, picture);
}

/** Boards as they were at any moment: from the journal, or where that would take long from the changes since. */
export class BoardsInTime {
	readonly #db: DatabaseHandle;
	readonly #journal: Journal;
	readonly #reader: BoardReader;
	readonly #pastBoards: PastBoards;
	readonly #large: typeof LARGE;
	/** By board, and by checkpoint. */
	readonly #bases = new Map<string, Base>();
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
		const { board, ...head } = await this.#after(boardId, seq);
		return { board, seq: head.seq, epoch: head.epoch, at: head.at };
	}

	/** The notes of a project as they were, from the journal. @throws {Refusal} as `read`, `not-found` without the project */
	notes(boardId: string, projectId: string, at: string): Promise<RichTextNode[]> {
		return this.#pastBoards.notes(boardId, projectId, at);
	}

	/** A board after two entries, with the words of its notes. @param to absent = now */
	async both(boardId: string, from: number, to?: number): Promise<[WithNotes, WithNotes]> {
		if (await this.#isLarge(boardId)) {
			const end = to ?? Math.max(from, (await this.#journal.head(boardId)).seq);
			const [before, after] = await this.#pictures(boardId, from, end);
			return Promise.all([this.#dated(boardId, from, before), this.#dated(boardId, end, after)]);
		}
		const now = await this.#reader.readWithNotes(boardId);
		const end = to ?? Math.max(from, now.seq);
		if (end !== now.seq) return this.#pastBoards.afterBoth(boardId, from, end);
		return [from === now.seq ? now : await this.#pastBoards.after(boardId, from), now];
	}

	/** A board after an entry, made from the changes since, such that those before can be made from it in turn. */
	picture(boardId: string, seq: number): Promise<Picture> {
		return this.#inTurn(async () => pictureFrom(await this.#baseOf(boardId, seq), seq));
	}

	/** The same of two entries: where they are near, what did not change in between is the same object in both. */
	#pictures(boardId: string, from: number, to: number): Promise<[Picture, Picture]> {
		return this.#inTurn(async () => {
			const later = await this.#baseOf(boardId, to);
			const after = await pictureFrom(later, to);
			const earlier = later.seq - from <= NEAR_ENTRIES ? later : await this.#baseOf(boardId, from);
			return [await pictureFrom(earlier, from), after];
		});
	}

	async #after(boardId: string, seq: number): Promise<WithNotes> {
		return (await this.#isLarge(boardId))
			? this.#fromChanges(boardId, seq)
			: this.#pastBoards.after(boardId, seq);
	}

	async #isLarge(boardId: string): Promise<boolean> {
		const { seq } = await this.#journal.head(boardId);
		if (seq > this.#large.entries) return true;
		return (await this.#reader.read(boardId)).board.projects.length > this.#large.projects;
	}

	async #fromChanges(boardId: string, seq: number): Promise<WithNotes> {
		return this.#dated(boardId, seq, await this.picture(boardId, seq));
	}

	async #dated(boardId: string, seq: number, { board, notes }: Picture): Promise<WithNotes> {
		const { epoch } = await this.#journal.head(boardId);
		return { board, notes, seq, epoch, at: (await this.#journal.timeOf(boardId, seq)) ?? null };
	}

	/** One at a time: a timeline is read into. */
	#inTurn<T>(read: () => Promise<T>): Promise<T> {
		const turn = this.#tail.then(read);
		// what was read may be kept in part
		this.#tail = turn.catch(() => this.#bases.clear());
		return turn;
	}

	/** What a board after an entry is made from at the least cost: the next checkpoint, else the board of now. */
	async #baseOf(boardId: string, seq: number): Promise<Base> {
		const head = await this.#journal.head(boardId);
		const checkpoint = await findCheckpoint(this.#db, boardId, { from: seq, upTo: head.seq });
		if (checkpoint === undefined) return this.#now(boardId);
		const key = `${boardId}@${checkpoint}`;
		const known = this.#bases.get(key);
		if (known) return this.#keep(key, known);
		const picture = await this.#pictureOf(boardId, checkpoint);
		if (picture) return this.#keep(key, this.#baseFrom(boardId, { ...head, seq: checkpoint }, picture));
		return this.#baseOf(boardId, seq);
	}

	/** A damaged checkpoint is only a lost cache: the next one serves as well. */
	async #pictureOf(boardId: string, seq: number): Promise<Picture | undefined> {
		try {
			const bytes = await findPicture(this.#db, boardId, seq);
			return bytes && (await unpackPicture(bytes));
		} catch {
			await deleteCheckpoints(this.#db, boardId, seq);
			return undefined;
		}
	}

	async #now(boardId: string): Promise<Base> {
		const picture = await this.#reader.readWithNotes(boardId);
		const known = this.#bases.get(boardId);
		const isCurrent = known?.epoch === picture.epoch;
		const base = isCurrent
			? { ...known, seq: picture.seq, picture }
			: this.#baseFrom(boardId, picture, picture);
		return this.#keep(boardId, base);
	}

	#baseFrom(boardId: string, at: Pick<Head, 'seq' | 'epoch'>, picture: Picture): Base {
		const { seq, epoch } = at;
		return { seq, epoch, picture, timeline: new BoardTimeline(this.#db, boardId, { seq, epoch }) };
	}

	#keep(key: string, base: Base): Base {
		this.#bases.delete(key); // so that the order is that of the last reading
		this.#bases.set(key, base);
		const oldest = this.#bases.keys().next().value;
		if (this.#bases.size > KEPT && oldest !== undefined) this.#bases.delete(oldest);
		return base;
	}
}
