import { follows, type Link } from './chain.ts';
import type { Entry } from './entry.ts';

/** The hash an entry has by a witness outside of the journal. */
export interface Mark {
	seq: number;
	hash: string;
	/** What the witness is called. */
	by: string;
}

/**
 * What a walk along a chain found. `cause`: an entry is `changed`, or it or one before it is not what a mark says
 * (`contradicted`), or the end is missing (`cut`).
 */
export interface ChainFinding {
	ok: boolean;
	/** Entries looked at. */
	entries: number;
	firstBadSeq: number | null;
	cause: 'changed' | 'contradicted' | 'cut' | null;
	/** Entries from the first bad one on that are missing or cannot be read, although there are later ones. */
	lost: { fromSeq: number; toSeq: number } | null;
	/** When the last entry that is sound came, ISO 8601 UTC. */
	at: string | null;
	/** The furthest mark that the chain agrees with, and the first it does not. */
	agreed: Mark | null;
	missed: Mark | null;
}

/** Walks a board's chain entry by entry, in order, beside what witnesses say of it. */
export class ChainCheck {
	readonly #marks: readonly Mark[];
	#next = 0;
	#last: Link | undefined;
	#broken: Pick<ChainFinding, 'cause' | 'missed'> | undefined;
	#lost: ChainFinding['lost'] = null;

	constructor(marks: readonly Mark[] = []) {
		this.#marks = [...marks].sort((a, b) => a.seq - b.seq);
	}

	/** Takes the next entry in. @returns whether there is any use in going on */
	take(entry: Entry): boolean {
		if (this.#broken) return false;
		if (!follows(entry, this.#last)) this.#broken = { cause: 'changed', missed: null };
		const here = this.#marksAt(entry.seq);
		const missed = here.find(({ hash }) => hash !== entry.hash);
		if (missed) this.#broken ??= { cause: 'contradicted', missed };
		if (this.#broken) return false;
		this.#next += here.length;
		this.#last = entry;
		return true;
	}

	/** What stands where the next entry should is none. @param lost the stretch that cannot be read, if that is known */
	breakOff(lost?: ChainFinding['lost']): void {
		if (lost && !this.#broken) this.#lost = { fromSeq: lost.fromSeq, toSeq: lost.toSeq };
		this.#broken ??= { cause: 'changed', missed: null };
	}

	/** The last entry that is sound; 0 before the first. */
	get seq(): number {
		return this.#last?.seq ?? 0;
	}
	get isBroken(): boolean {
		return this.#broken !== undefined;
	}

	#marksAt(seq: number): Mark[] {
		let end = this.#next;
		while (this.#marks[end]?.seq === seq) end += 1;
		return this.#marks.slice(this.#next, end);
	}

	/** What was found. @param atLeast number of an entry that there must have been */
	finish(atLeast = 0): ChainFinding {
		const sound = this.seq;
		const agreed = this.#marks[this.#next - 1] ?? null;
		const found = { at: this.#last?.receivedAt ?? null, agreed, lost: this.#lost };
		if (this.#broken)
			return { ok: false, entries: sound + 1, firstBadSeq: sound + 1, ...this.#broken, ...found };
		const missed = this.#marks[this.#next] ?? null;
		if (missed === null && atLeast <= sound)
			return { ok: true, entries: sound, firstBadSeq: null, cause: null, missed, ...found };
		return { ok: false, entries: sound, firstBadSeq: sound + 1, cause: 'cut', missed, ...found };
	}
}
