import type { Project } from '#domain/board.ts';
import type { NotesWritten } from '#doc/restore-notes.ts';
import type { Refused } from '#protocol/message.ts';
import type { Intent } from './pending-edits.ts';

/** Something the server did not accept, kept for its author until they decide what becomes of it. */
export interface RefusedEdit extends Omit<Refused, 'count'> {
	id: string;
	/** When it came back, ISO 8601 UTC. */
	at: string;
	/** The project it was about, as it would have been. */
	attempt: Project | undefined;
	/** What its author had written in the project's notes, where it is about these. */
	notes?: NotesWritten | undefined;
	/** Does it once more; undefined where only its content is known, such as after a reload. */
	intent: Intent | undefined;
}

/** More than anybody looks through; the oldest go first. */
const KEPT_MAX = 100;

function readKept(key: string): RefusedEdit[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
		return Array.isArray(kept) ? (kept as RefusedEdit[]) : [];
	} catch {
		return []; // nothing is kept, or this browser keeps nothing
	}
}

/** The tray of refused edits of one person on one board; what is in it survives a closed tab. */
export class RefusedEdits {
	readonly #key: string;
	#list = $state.raw<readonly RefusedEdit[]>([]);

	constructor(of: { userId: string; boardId: string }) {
		this.#key = `tongchou/${of.userId}/${of.boardId}/refused`;
	}

	/** Oldest first. */
	get list(): readonly RefusedEdit[] {
		return this.#list;
	}

	/** Brings in what earlier visits left. */
	load(): void {
		this.#list = readKept(this.#key);
	}

	add(edits: readonly RefusedEdit[]): void {
		this.#keep([...this.#list, ...edits].slice(-KEPT_MAX));
	}

	remove(id: string): void {
		this.#keep(this.#list.filter((edit) => edit.id !== id));
	}

	clear(): void {
		this.#keep([]);
	}

	#keep(list: readonly RefusedEdit[]): void {
		this.#list = list;
		try {
			if (list.length === 0) localStorage.removeItem(this.#key);
			else localStorage.setItem(this.#key, JSON.stringify(list));
		} catch {
			// a full storage costs the tray after a reload, not what is shown now
		}
	}
}
