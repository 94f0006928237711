import * as Y from 'yjs';
import { BoardMirror } from '#doc/board-mirror.ts';
import { projectsOf } from '#doc/schema.ts';
import type { Board, Project } from '#domain/board.ts';
import type { NotesAtMoment } from '#domain/compare-boards.ts';
import { notesOf } from '#server/history/notes-of.ts';
import { isBeginning } from '#server/journal/beginning.ts';
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
/** A board at a moment with what its notes say, by project. */
export interface WithNotes extends BoardAt {
	notes: ReadonlyMap<string, NotesAtMoment>;
}
/** A board as it is now. */
export interface BoardNow extends WithNotes {
	/** The stage a project names; it may have gone. */
	stageNamed(projectId: string): string;
}
interface Copy {
	doc: Y.Doc;
	/** After new entries only the projects they touch are read again. */
	mirror: BoardMirror;
	seq: number;
	epoch: number;
	at: string | null;
	picture: BoardAt | undefined;
}

/** Reads boards for pages and the API: it follows the journal, so it only ever shows what is committed. */
export class BoardReader {
	readonly #journal: Journal;
	readonly #copies = new Map<string, Promise<Copy>>();
	/** JSON of projects, for as long as they stay as they are. */
	readonly #projectJson = new WeakMap<Project, string>();
	readonly #boardJson = new WeakMap<Board, string>();
	constructor(journal: Journal) {
		this.#journal = journal;
	}

	/** A board as it is now. @throws {Refusal} `not-found` */
	async read(boardId: string): Promise<BoardAt> {
		const copy = await this.#upToDate(boardId);
		copy.picture ??= { board: copy.mirror.board, seq: copy.seq, epoch: copy.epoch, at: copy.at };
		return copy.picture;
	}

	/** A board as it is now, with its notes. @throws {Refusal} `not-found` */
	async readWithNotes(boardId: string): Promise<BoardNow> {
		const { doc, mirror, seq, epoch, at } = await this.#upToDate(boardId);
		const placeOf = (projectId: string) =>
			projectsOf(doc).get(projectId)?.get('place') as { stage: string } | undefined;
		const stageNamed = (projectId: string) => placeOf(projectId)?.stage ?? '';
		return { board: mirror.board, seq, epoch, at, notes: notesOf(doc, mirror.board), stageNamed };
	}

	async #upToDate(boardId: string): Promise<Copy> {
		const head = await this.#journal.head(boardId);
		const before = this.#copies.get(boardId);
		const next = (before ?? this.#load(boardId)).then((copy) => this.#advance(boardId, copy, head));
		this.#keep(boardId, next);
		return next;
	}

	/** A picture that `read` gave as JSON, at a cost that is that of what has changed since the last one. */
	jsonOf(boardId: string, { board, seq, epoch, at }: BoardAt): string {
		const head = JSON.stringify({ id: boardId, seq, epoch, at });
		let body = this.#boardJson.get(board);
		if (body === undefined) {
			const { projects, ...layout } = board;
			const list = projects.map((project) => this.#jsonOfProject(project)).join(',');
			body = `${JSON.stringify(layout).slice(1, -1)},"projects":[${list}]}`;
			this.#boardJson.set(board, body);
		}
		return `${head.slice(0, -1)},${body}`;
	}

	#jsonOfProject(project: Project): string {
		const known = this.#projectJson.get(project);
		if (known !== undefined) return known;
		const json = JSON.stringify(project);
		this.#projectJson.set(project, json);
		return json;
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
		const { seq, epoch, at } = head;
		return { doc, mirror: new BoardMirror(doc, () => undefined), seq, epoch, at, picture: undefined };
	}

	async #advance(boardId: string, copy: Copy, head: { seq: number; epoch: number }): Promise<Copy> {
		if (copy.epoch !== head.epoch) return this.#load(boardId);
		if (copy.seq >= head.seq) return copy;
		const updates: Uint8Array[] = [];
		let { seq, at } = copy;
		for await (const entry of this.#journal.entries(boardId, seq)) {
			if (isBeginning(entry)) return this.#load(boardId);
			if (entry.seq !== seq + 1) throw new Error(`journal of ${boardId} misses entry ${seq + 1}`);
			updates.push(entry.update);
			({ seq, receivedAt: at } = entry);
		}
		// in one transaction, so that the mirror draws one picture
		copy.doc.transact(() => updates.forEach((update) => Y.applyUpdate(copy.doc, update)));
		Object.assign(copy, { seq, at });
		copy.picture = undefined;
		return copy;
	}
}
