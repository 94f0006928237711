import type { RecordedChange } from '#domain/change.ts';
import { mergeRows } from '../../../history/merge-rows.ts';
import { inOrder } from '../../../history/group-rows.ts';

/** Changes shown in the panel; the whole list is the history's. */
const SHOWN = 12;

/** The newest changes of one project: fetched once, then as they are committed. */
export class ProjectChanges {
	readonly #boardId: string;
	readonly #projectId: string;
	#rows = $state.raw<readonly RecordedChange[]>([]);
	#state = $state<'loading' | 'loaded' | 'failed'>('loading');
	#hasMore = $state(false);

	constructor(boardId: string, projectId: string) {
		this.#boardId = boardId;
		this.#projectId = projectId;
	}

	/** Newest first. */
	get rows(): readonly RecordedChange[] {
		return this.#rows.slice(0, SHOWN);
	}
	get state(): 'loading' | 'loaded' | 'failed' {
		return this.#state;
	}
	get hasMore(): boolean {
		return this.#hasMore || this.#rows.length > SHOWN;
	}

	async load(): Promise<void> {
		try {
			const query = `project=${encodeURIComponent(this.#projectId)}&limit=${SHOWN}`;
			const response = await fetch(`/api/boards/${this.#boardId}/changes?${query}`);
			if (!response.ok) throw new Error(String(response.status));
			const page = (await response.json()) as { changes: RecordedChange[]; next: string | null };
			this.#merge(page.changes);
			this.#hasMore = page.next !== null;
			this.#state = 'loaded';
		} catch {
			this.#state = 'failed';
		}
	}

	/** Takes in what has just been committed on the board. */
	note(changes: readonly RecordedChange[]): void {
		this.#merge(changes.filter(({ projectId }) => projectId === this.#projectId));
	}

	#merge(rows: readonly RecordedChange[]): void {
		if (rows.length > 0) this.#rows = mergeRows(this.#rows, rows, inOrder('entered'));
	}
}
