import type * as Y from 'yjs';
import { type Held, KeptUpdates } from './kept-updates.ts';

/** Whose copy of which board: people who share a browser never see each other's. */
export interface CopyOf {
	userId: string;
	boardId: string;
	/** A board restored from a backup is another one: the copy of the older epoch stays untouched beside it. */
	epoch: number;
}

const nameOf = ({ userId, boardId, epoch }: CopyOf) => `tongchou/${userId}/${boardId}/${epoch}`;
const PENDING = 'pending';

/**
 * A board's document kept in this browser, with what the server has not vouched for yet: edits survive a closed tab.
 * How many these are is kept in the local storage, which is written at once, one entry for each tab.
 */
export class LocalCopy {
	readonly #name: string;
	readonly #key: string;
	readonly #tab: string;
	/** What is kept of the document. */
	readonly kept: KeptUpdates;
	/** Origin of the transactions that bring the kept document in. */
	readonly origin = {};

	constructor(of: CopyOf, doc: Y.Doc) {
		this.#name = nameOf(of);
		this.#key = `${this.#name}/${PENDING}/`;
		this.#tab = crypto.randomUUID();
		this.kept = new KeptUpdates(doc);
	}

	/** How far the copy was when it was loaded; undefined where that is not known. */
	get held(): Held | undefined {
		return this.kept.held;
	}

	/** Resolves when what was kept is in the document; also where this browser keeps nothing. */
	async load(): Promise<void> {
		await this.kept.load(this.#name, this.origin).catch(() => undefined);
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
		this.kept.close();
	}

	/** Forgets the document. It is emptied and not deleted, because other tabs may have it open. */
	erase(): void {
		this.notePending(0);
		this.kept.erase();
		this.close();
	}
}
