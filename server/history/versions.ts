import type { ChangeValue } from '#domain/change.ts';

/** What stood at one place of a board before each of its changes, as far back as they were read. */
export class Versions {
	// two lists of plain values each: a large board has a million of them
	readonly #olderSeqs: number[] = [];
	readonly #olderBefores: (string | undefined)[] = [];
	readonly #newerSeqs: number[] = [];
	readonly #newerBefores: (string | undefined)[] = [];

	/** Takes in a change older than all before: what it found as JSON, undefined where nothing was there. */
	addOlder(seq: number, before: string | undefined): void {
		this.#olderSeqs.push(seq);
		this.#olderBefores.push(before);
	}

	/** Takes in a change newer than all before. */
	addNewer(seq: number, before: string | undefined): void {
		this.#newerSeqs.push(seq);
		this.#newerBefores.push(before);
	}

	/** The first change after an entry: what it found is what stood there after that entry. */
	firstAfter(seq: number): { seq: number; before: string | undefined } | undefined {
		const older = countWhile(this.#olderSeqs, (other) => other > seq) - 1;
		if (older >= 0) return { seq: this.#olderSeqs[older]!, before: this.#olderBefores[older] };
		const newer = countWhile(this.#newerSeqs, (other) => other <= seq);
		if (newer === this.#newerSeqs.length) return undefined;
		return { seq: this.#newerSeqs[newer]!, before: this.#newerBefores[newer] };
	}
}

/** How many at the beginning of a sorted list are as wanted. */
function countWhile(list: readonly number[], isWanted: (value: number) => boolean): number {
	let [low, high] = [0, list.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (isWanted(list[middle]!)) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** What was found, from its JSON. */
export function valueOf({ before }: { before: string | undefined }): ChangeValue {
	return before === undefined ? null : (JSON.parse(before) as ChangeValue);
}

/** What a field or an entry of it held. */
export interface Held {
	field: string;
	member: string | null;
	value: ChangeValue;
}

/** Changes of one project or stage, or of the board itself: of the whole, and of each field or entry. */
export class Track {
	readonly whole = new Versions();
	readonly #fields = new Map<string, { field: string; member: string | null; versions: Versions }>();

	/** Changes of a field, or of one entry of it. */
	of(field: string, member: string | null): Versions {
		const key = member === null ? field : `${field}\0${member}`;
		const known = this.#fields.get(key);
		if (known) return known.versions;
		const versions = new Versions();
		this.#fields.set(key, { field, member, versions });
		return versions;
	}

	/**
	 * What fields and entries held after an entry, of those that changed between it and another one.
	 * @param end only what changed before this entry
	 */
	*heldAfter(seq: number, end = Infinity): Generator<Held> {
		for (const { field, member, versions } of this.#fields.values()) {
			const version = versions.firstAfter(seq);
			if (version && version.seq < end) yield { field, member, value: valueOf(version) };
		}
	}
}
