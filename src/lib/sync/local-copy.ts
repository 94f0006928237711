import { IndexeddbPersistence } from 'y-indexeddb';
import type * as Y from 'yjs';

/** Whose copy of which board: people who share a browser never see each other's. */
export interface CopyOf {
	userId: string;
	boardId: string;
	/** A board restored from a backup is another one: the copy of the older epoch stays untouched beside it. */
	epoch: number;
}

const nameOf = ({ userId, boardId, epoch }: CopyOf) => `tongchou/${userId}/${boardId}/${epoch}`;
const PENDING = 'pending';
/** Where y-indexeddb keeps the updates of a document. */
const UPDATES = 'updates';

/**
 * A board's document kept in this browser, with what the server has not vouched for yet: edits survive a closed tab.
 * How many these are is kept in the local storage, which is written at once, one entry for each tab.
 */
export class LocalCopy {
	readonly #key: string;
	readonly #tab: string;
	readonly #persistence: IndexeddbPersistence;

	constructor(of: CopyOf, doc: Y.Doc) {
		this.#key = `${nameOf(of)}/${PENDING}/`;
		this.#tab = crypto.randomUUID();
		this.#persistence = new IndexeddbPersistence(nameOf(of), doc);
	}

	/** Origin of the transactions that bring the kept document in. */
	get origin(): unknown {
		return this.#persistence;
	}

	/** Resolves when what was kept is in the document; also where this browser keeps nothing. */
	async load(): Promise<void> {
		await Promise.race([this.#persistence.whenSynced, this.#persistence._db]).catch(() => undefined);
		if (this.#persistence.db) await this.#persistence.whenSynced;
	}

	/** Takes over the number of edits that earlier tabs left behind. */
	takeEarlierPending(): number {
		let sum = 0;
		for (const key of Object.keys(localStorage)) {
			if (!key.startsWith(this.#key)) continue;
			sum += Number(localStorage.getItem(key)) || 0;
			localStorage.removeItem(key);
		}
		return sum;
	}

	/** Notes how many edits are not vouched for. */
	notePending(size: number): void {
		try {
			if (size > 0) localStorage.setItem(this.#key + this.#tab, String(size));
			else localStorage.removeItem(this.#key + this.#tab);
		} catch {
			// a full storage costs the number after a reload, not the edits
		}
	}

	close(): void {
		void this.#persistence.destroy().catch(() => undefined);
	}

	/** Forgets the document. It is emptied and not deleted, because other tabs may have it open. */
	async erase(): Promise<void> {
		this.notePending(0);
		try {
			const db = await this.#persistence._db;
			db.transaction(UPDATES, 'readwrite').objectStore(UPDATES).clear();
		} catch {
			// nothing is kept here, so that there is nothing to forget
		}
		this.close();
	}
}
