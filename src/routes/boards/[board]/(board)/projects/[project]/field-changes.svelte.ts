import type { ChangeKind, RecordedChange } from '#domain/change.ts';

/** The last change of a field, as far as it is known. */
export type LastChange =
	{ state: 'loading' | 'none' | 'failed'; change?: undefined } | { state: 'known'; change: RecordedChange };

const ENTRIES: readonly ChangeKind[] = ['member-added', 'member-changed', 'member-removed'];
/** What counts as a change of a field: of its place the stage, not where in it the project stands. */
const KINDS: Readonly<Record<string, readonly ChangeKind[]>> = {
	place: ['project-moved'],
	notes: ['notes-edited'],
	cities: ENTRIES
};
const VALUE: readonly ChangeKind[] = ['field-set'];

/** Kinds of change a field's history consists of. */
export const kindsOf = (field: string): readonly ChangeKind[] => KINDS[field] ?? VALUE;

/** Who last changed which field of a project: asked for once a field, then as it is committed. */
export class FieldChanges {
	readonly #of: { boardId: string; projectId: string };
	readonly #fetch: typeof fetch;
	#known = $state.raw<Readonly<Record<string, LastChange>>>({});

	constructor(of: { boardId: string; projectId: string }, fetcher: typeof fetch = fetch) {
		this.#of = of;
		this.#fetch = fetcher;
	}

	/** Undefined as long as nobody asked. */
	of(field: string): LastChange | undefined {
		return this.#known[field];
	}

	/** Looks a field up, unless that has been done. */
	async ask(field: string): Promise<void> {
		const known = this.#known[field];
		if (known && known.state !== 'failed') return;
		this.#note(field, { state: 'loading' });
		try {
			const { changes } = (await this.#read(field)) as { changes: RecordedChange[] };
			const [change] = changes;
			if (this.#known[field]?.change) return; // one that was committed meanwhile is newer
			this.#note(field, change ? { state: 'known', change } : { state: 'none' });
		} catch {
			this.#note(field, { state: 'failed' });
		}
	}

	async #read(field: string): Promise<unknown> {
		const { boardId, projectId } = this.#of;
		const asked = { project: projectId, field, kind: kindsOf(field).join(','), limit: '1' };
		const address = `/api/boards/${boardId}/changes?${new URLSearchParams(asked).toString()}`;
		const response = await this.#fetch(address);
		if (!response.ok) throw new Error(String(response.status));
		return response.json();
	}

	/** Takes in what has just been committed on the board. */
	note(changes: readonly RecordedChange[]): void {
		for (const change of changes) {
			const { projectId, field, kind } = change;
			if (projectId !== this.#of.projectId || field === null || !this.#known[field]) continue;
			if (kindsOf(field).includes(kind)) this.#note(field, { state: 'known', change });
		}
	}

	#note(field: string, change: LastChange): void {
		this.#known = { ...this.#known, [field]: change };
	}
}
