/** A named moment as the API gives it. */
export interface NamedVersion {
	id: string;
	name: string;
	note: string;
	seq: number;
	/** When the last entry of that moment came. */
	at: string | null;
	createdAt: string;
	author: { id: string; name: string; org: string; orgEn: string };
}
export interface VersionWords {
	name: string;
	note: string;
}
/** What came of an attempt to save. */
export type SaveResult = 'saved' | 'taken' | 'failed';

/** The named moments of a board, as one page shows and changes them. */
export class Versions {
	readonly boardId: string;
	readonly #fetch: typeof fetch;
	#list = $state.raw<readonly NamedVersion[]>([]);
	#state = $state<'unknown' | 'loading' | 'known' | 'failed'>('unknown');

	constructor(boardId: string, fetcher: typeof fetch) {
		this.boardId = boardId;
		this.#fetch = fetcher;
	}

	/** The newest moment first. */
	get list(): readonly NamedVersion[] {
		return this.#list;
	}
	get state() {
		return this.#state;
	}

	async load(): Promise<void> {
		if (this.#state !== 'known') this.#state = 'loading';
		try {
			const response = await this.#fetch(this.#address());
			if (!response.ok) throw new Error(`${response.status}`);
			this.#list = ((await response.json()) as { versions: NamedVersion[] }).versions;
			this.#state = 'known';
		} catch {
			this.#state = 'failed';
		}
	}

	#address(id?: string): string {
		const list = `/api/boards/${this.boardId}/versions`;
		return id === undefined ? list : `${list}/${encodeURIComponent(id)}`;
	}

	/** @param at number of an entry, or a time; undefined = now */
	add(words: VersionWords, at: string | undefined): Promise<SaveResult> {
		return this.#send('POST', undefined, { ...words, ...(at !== undefined && { at }) });
	}

	change(id: string, words: VersionWords): Promise<SaveResult> {
		return this.#send('PATCH', id, words);
	}

	remove(id: string): Promise<SaveResult> {
		return this.#send('DELETE', id);
	}

	async #send(method: string, id?: string, body?: object): Promise<SaveResult> {
		try {
			const response = await this.#fetch(this.#address(id), {
				method,
				...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
			});
			if (response.status === 409) return 'taken';
			if (!response.ok) return 'failed';
			await this.load();
			return 'saved';
		} catch {
			return 'failed';
		}
	}
}
