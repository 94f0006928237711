import * as Y from 'yjs';
import { BoardMirror } from '#doc/board-mirror.ts';
import { readRichText, type RichTextNode } from '#doc/read-rich-text.ts';
import { findNotes, projectsOf } from '#doc/schema.ts';
import { Refusal } from '#domain/refusal.ts';
import type { BoardAt, WithNotes } from '#server/boards/board-reader.ts';
import { isBeginning } from '#server/journal/beginning.ts';
import type { Journal } from '#server/journal/journal.ts';
import { notesOf } from './notes-of.ts';
import { seqOfMoment } from './seq-of-moment.ts';

/** Boards of the past kept ready: they never change, but they are large. */
const KEPT = 6;
/** Entries between two moments up to which the later board is made from the earlier one: reading a board costs more. */
const WALK_MAX = 2_000;

type Picture = Promise<WithNotes>;

/** Boards as they were: the newest snapshot before a moment and the journal from there, else the whole journal. */
export class PastBoards {
	readonly #journal: Journal;
	readonly #kept = new Map<string, Picture>();
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
		const { notes: _, ...picture } = await this.after(boardId, seq);
		return picture;
	}

	/** A project's notes as they were. @throws {Refusal} as `read`; `not-found` for a project that was not there then */
	async notes(boardId: string, projectId: string, at: string): Promise<RichTextNode[]> {
		const seq = await seqOfMoment(this.#journal, boardId, { moment: at, parameter: 'at' });
		return this.#inTurn(async () => {
			const { doc } = await this.#journal.load(boardId, seq);
			try {
				if (!projectsOf(doc).has(projectId))
					throw new Refusal('not-found', `project ${projectId} was not on the board then`, {
						path: ['project']
					});
				const notes = findNotes(doc, projectId);
				return notes ? readRichText(notes) : [];
			} finally {
				doc.destroy();
			}
		});
	}

	/** A board after an entry, with the words of its notes. */
	after(boardId: string, seq: number): Picture {
		const key = `${boardId}@${seq}`;
		const picture =
			this.#kept.get(key) ?? this.#inTurn(() => this.#walk(boardId, [seq])).then(([only]) => only!);
		return this.#keep(key, picture);
	}

	/** A board after an entry and after a later one; what did not change in between is the same object in both. */
	async afterBoth(boardId: string, earlier: number, later: number): Promise<[WithNotes, WithNotes]> {
		const isKept = [earlier, later].some((seq) => this.#kept.has(`${boardId}@${seq}`));
		if (!isKept && earlier < later && later - earlier <= WALK_MAX) {
			const walk = this.#inTurn(() => this.#walk(boardId, [earlier, later]));
			void this.#keep(
				`${boardId}@${earlier}`,
				walk.then(([first]) => first!)
			);
			void this.#keep(
				`${boardId}@${later}`,
				walk.then(([, second]) => second!)
			);
		}
		return Promise.all([this.after(boardId, earlier), this.after(boardId, later)]);
	}

	/** One at a time: each may hold a whole board's past in memory. */
	#inTurn<T>(load: () => Promise<T>): Promise<T> {
		const turn = this.#tail.then(load);
		this.#tail = turn.catch(() => {});
		return turn;
	}

	/** @param seqs ascending */
	async #walk(boardId: string, [first = 0, ...later]: readonly number[]): Promise<WithNotes[]> {
		let walked = await this.#load(boardId, first);
		const pictures = [pictureOf(walked)];
		for (const seq of later) {
			if (!(await this.#walkOn(boardId, walked, seq))) {
				leave(walked);
				walked = await this.#load(boardId, seq);
			}
			pictures.push(pictureOf(walked));
		}
		leave(walked);
		return pictures;
	}

	async #load(boardId: string, seq: number): Promise<Walked> {
		const { doc, head } = await this.#journal.load(boardId, seq);
		return { doc, mirror: new BoardMirror(doc, () => undefined), ...head };
	}

	/** @returns false if an epoch begins on the way: what follows is of another document */
	async #walkOn(boardId: string, walked: Walked, to: number): Promise<boolean> {
		const { doc, seq: from } = walked;
		const updates: Uint8Array[] = [];
		for await (const entry of this.#journal.entries(boardId, from)) {
			if (entry.seq > to) break;
			if (isBeginning(entry)) return false;
			if (entry.seq !== from + updates.length + 1) throw new Error(`journal of ${boardId} misses an entry`);
			updates.push(entry.update);
			Object.assign(walked, { seq: entry.seq, at: entry.receivedAt });
		}
		// in one transaction, so that the mirror draws one picture
		doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
		return true;
	}

	#keep(key: string, picture: Picture): Picture {
		this.#kept.delete(key); // so that the order is that of the last reading
		this.#kept.set(key, picture);
		picture.catch(() => this.#kept.get(key) === picture && this.#kept.delete(key));
		const oldest = this.#kept.keys().next().value;
		if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
		return picture;
	}
}

/** A board of the past, on its way to a later moment. */
interface Walked {
	doc: Y.Doc;
	mirror: BoardMirror;
	seq: number;
	epoch: number;
	at: string | null;
}

function pictureOf({ doc, mirror, seq, epoch, at }: Walked): WithNotes {
	const { board } = mirror;
	return { board, seq, epoch, at, notes: notesOf(doc, board) };
}

function leave({ doc, mirror }: Walked): void {
	mirror.destroy();
	doc.destroy();
}
