import { follows, isWhole, type Link } from './chain.ts';
import type { Entry } from './entry.ts';

/** The hash an entry has by a witness outside of the journal. */
export interface Mark {
	seq: number;
	hash: string;
	/** What the witness is called. */
	by: string;
}

/** Consecutive entries that are missing or cannot be read, although there are later ones. */
export interface LostStretch {
	fromSeq: number;
	toSeq: number;
	/** When the entry before them came, ISO 8601 UTC; null = they are the first. */
	afterAt: string | null;
	/** When the next entry that can be read came. */
	beforeAt: string;
}

/**
 * What a walk along a chain found. `cause`: an entry is `changed`, or it or one before it is not what a mark says
 * (`contradicted`), or the end is missing (`cut`); `lost` where stretches are missing and nothing else is wrong.
 */
export interface ChainFinding {
	ok: boolean;
	/** Entries looked at. */
	entries: number;
	/** The first that is lost or that `cause` speaks of. */
	firstBadSeq: number | null;
	cause: 'changed' | 'contradicted' | 'cut' | 'lost' | null;
	/** The entry `cause` speaks of; lost stretches may stand before it. */
	causeSeq: number | null;
	/** In order. The walk goes on behind each: entries there fit each other, not what was before. */
	lost: LostStretch[];
	/** When the last entry came before which nothing is wrong, ISO 8601 UTC. */
	at: string | null;
	/** The furthest mark that the chain agrees with before anything is wrong, and the first it does not. */
	agreed: Mark | null;
	missed: Mark | null;
}

/** Walks a board's chain entry by entry, in order, beside what witnesses say of it. */
export class ChainCheck {
	/** Those that are still to be met. */
	readonly #marks: Mark[];
	readonly #lost: LostStretch[] = [];
	#entries = 0;
	#last: Link | undefined;
	/** The last entry and the furthest mark before anything is wrong. */
	#sound: Link | undefined;
	#agreed: Mark | null = null;
	#broken: { cause: ChainFinding['cause']; seq: number; missed: Mark | null } | undefined;

	constructor(marks: readonly Mark[] = []) {
		this.#marks = marks.toSorted((a, b) => a.seq - b.seq);
	}

	/** Takes the next entry in. @returns whether there is any use in going on */
	take(entry: Entry): boolean {
		if (this.#broken) return false;
		this.#entries += 1;
		const isBehindGap = entry.seq > this.seq + 1;
		if (isBehindGap) this.#lose(entry);
		const here = this.#marksAt(entry.seq);
		const missed = here.find(({ hash }) => hash !== entry.hash) ?? null;
		const isSound = isBehindGap ? isWhole(entry, entry.seq) : follows(entry, this.#last);
		if (!isSound) this.#break(entry.seq, null);
		else if (missed) this.#break(entry.seq, missed);
		if (this.#broken) return false;
		this.#last = entry;
		if (this.#lost.length === 0) [this.#sound, this.#agreed] = [entry, here.at(-1) ?? this.#agreed];
		return true;
	}

	/** What stands where the next entry should is none. */
	breakOff(): void {
		if (this.#broken) return;
		this.#entries += 1;
		this.#break(this.seq + 1, null);
	}

	/** The last entry that fits; 0 before the first. */
	get seq(): number {
		return this.#last?.seq ?? 0;
	}
	get isBroken(): boolean {
		return this.#broken !== undefined;
	}

	#lose({ seq, receivedAt: beforeAt }: Entry): void {
		const afterAt = this.#last?.receivedAt ?? null;
		this.#lost.push({ fromSeq: this.seq + 1, toSeq: seq - 1, afterAt, beforeAt });
	}

	#break(seq: number, missed: Mark | null): void {
		this.#broken = { cause: missed ? 'contradicted' : 'changed', seq, missed };
	}

	/** Those at an entry; what spoke of entries that are lost is passed over. */
	#marksAt(seq: number): Mark[] {
		const later = this.#marks.findIndex((mark) => mark.seq > seq);
		const met = this.#marks.splice(0, later === -1 ? this.#marks.length : later);
		return met.filter((mark) => mark.seq === seq);
	}

	/** What was found. @param atLeast number of an entry that there must have been */
	finish(atLeast = 0): ChainFinding {
		const { cause, seq, missed } = this.#broken ?? this.#end(atLeast);
		return {
			ok: cause === null,
			entries: this.#entries,
			firstBadSeq: this.#lost[0]?.fromSeq ?? seq,
			cause,
			causeSeq: seq,
			lost: this.#lost,
			at: this.#sound?.receivedAt ?? null,
			agreed: this.#agreed,
			missed
		};
	}

	/** What is wrong where every entry that is there fits. */
	#end(atLeast: number): { cause: ChainFinding['cause']; seq: number | null; missed: Mark | null } {
		const missed = this.#marks[0] ?? null;
		if (missed !== null || atLeast > this.seq) return { cause: 'cut', seq: this.seq + 1, missed };
		const [lost] = this.#lost;
		return lost ? { cause: 'lost', seq: lost.fromSeq, missed } : { cause: null, seq: null, missed };
	}
}
