import type { Board } from '#domain/board.ts';
import type { LibraryRecord } from '#doc/library-record.ts';

/** The whole records of the library, each fetched when it is first asked for. */
export class LibraryRecords {
	readonly #boardId: string;
	readonly #records = new Map<string, Promise<LibraryRecord>>();

	constructor(boardId: string) {
		this.#boardId = boardId;
	}

	/** One record; a try that failed is not the last. @throws if it cannot be fetched */
	get(id: string): Promise<LibraryRecord> {
		const known = this.#records.get(id);
		if (known) return known;
		const record = this.#fetch(id);
		record.catch(() => this.#records.delete(id));
		this.#records.set(id, record);
		return record;
	}

	async #fetch(id: string): Promise<LibraryRecord> {
		const response = await fetch(`/boards/${this.#boardId}/library/${encodeURIComponent(id)}`);
		if (!response.ok) throw new Error(`record ${id}: ${response.status}`);
		return (await response.json()) as LibraryRecord;
	}
}

/** Tells of each id whether it is one of those on the board. */
export const membership = (ids: readonly string[]): ReadonlySet<string> => new Set(ids);

/** The stage a record goes to: its own, or the first one where the board has no such stage. */
export function stageFor({ stages }: Pick<Board, 'stages'>, stageId: string): Board['stages'][number] {
	const found = stages.find(({ id }) => id === stageId) ?? stages[0];
	if (!found) throw new Error('the board has no stage');
	return found;
}
