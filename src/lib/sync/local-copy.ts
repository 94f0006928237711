import type * as Y from 'yjs';
import type { EditBase } from '#domain/board-differences.ts';
import { type Held, KeptUpdates } from './kept-updates.ts';

/** Whose copy of which board: people who share a browser never see each other's. */
export interface CopyOf {
	userId: string;
	boardId: string;
	/** A board restored from a backup is another one: the copy of the older epoch stays untouched beside it. */
	epoch: number;
}

/** What a copy is called in this browser; without an epoch what the names of all of them begin with. */
export function nameOf({ userId, boardId, epoch }: Omit<CopyOf, 'epoch'> & { epoch: number | '' }): string {
	return `tongchou/${userId}/${boardId}/${epoch}`;
}

const PENDING = 'pending';
const BASE = 'base';

/** Values that tabs keep of a copy under one name, by their keys. */
function keptUnder(of: CopyOf, name: string): [string, string][] {
	const prefix = `${nameOf(of)}/${name}/`;
	const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
	return keys.map((key) => [key, localStorage.getItem(key) ?? '']);
}

/** How many edits tabs left with a copy that the server has not vouched for. */
export function readEarlierPending(of: CopyOf): number {
	return keptUnder(of, PENDING).reduce((sum, [, count]) => sum + (Number(count) || 0), 0);
}

/** What these edits were made to, where that was kept. */
export function readEarlierBase(of: CopyOf): EditBase | undefined {
	const bases = keptUnder(of, BASE).flatMap(([, text]) => parsedBase(text) ?? []);
	if (bases.length === 0) return undefined;
	return bases.reduce((all, base) => ({
		...base,
		...all,
		stages: { ...base.stages, ...all.stages },
		projects: { ...base.projects, ...all.projects },
		notes: { ...base.notes, ...all.notes }
	}));
}

function parsedBase(text: string): EditBase | undefined {
	try {
		return JSON.parse(text) as EditBase;
	} catch {
		return undefined;
	}
}

/**
 * A board's document kept in this browser, with what the server has not vouched for yet: edits survive a closed tab.
 * How many these are is kept in the local storage, which is written at once, one entry for each tab.
 */
export class LocalCopy {
	readonly #of: CopyOf;
	readonly #tab: string;
	/** What is kept of the document. */
	readonly kept: KeptUpdates;
	/** Origin of the transactions that bring the kept document in. */
	readonly origin = {};

	constructor(of: CopyOf, doc: Y.Doc) {
		this.#of = of;
		this.#tab = crypto.randomUUID();
		this.kept = new KeptUpdates(doc);
	}

	/** How far the copy was when it was loaded; undefined where that is not known. */
	get held(): Held | undefined {
		return this.kept.held;
	}

	/** Resolves when what was kept is in the document; also where this browser keeps nothing. */
	async load(): Promise<void> {
		await this.kept.load(nameOf(this.#of), this.origin).catch(() => undefined);
	}

	/** Takes over what earlier tabs left behind: the number of their edits, and what these were made to. */
	takeEarlier(): { pending: number; base: EditBase | undefined } {
		const [pending, base] = [readEarlierPending(this.#of), readEarlierBase(this.#of)];
		for (const name of [PENDING, BASE])
			for (const [key] of keptUnder(this.#of, name)) localStorage.removeItem(key);
		if (base && pending > 0) this.noteBase(base);
		return { pending, base: pending > 0 ? base : undefined };
	}

	/** Notes how many edits are not vouched for. */
	notePending(size: number): void {
		try {
			if (size > 0) localStorage.setItem(this.#keyOf(PENDING), String(size));
			else for (const name of [PENDING, BASE]) localStorage.removeItem(this.#keyOf(name));
		} catch {
			// a full storage costs the number after a reload, not the edits
		}
	}

	/** Notes what edits on their way were made to. */
	noteBase(base: EditBase): void {
		try {
			localStorage.setItem(this.#keyOf(BASE), JSON.stringify(base));
		} catch {
			// a full storage costs doing them again by themselves: they are listed instead
		}
	}

	#keyOf(name: string): string {
		return `${nameOf(this.#of)}/${name}/${this.#tab}`;
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
