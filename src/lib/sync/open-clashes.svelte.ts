import type { RecordedChange } from '#domain/change.ts';
import { type Clash, clashOf, isDecidedBy } from '#domain/clash.ts';
import type { SettledClash } from '#protocol/message.ts';

/** As many as one person ever sets aside on a board; the oldest go first. */
const ASIDE_MAX = 200;

/** More changes than come while an answer is under way. */
const HEARD_MAX = 500;

/** Tells a clash from every other one of a board. */
export const clashKey = ({ seq, index }: Pick<Clash, 'seq' | 'index'>): string => `${seq}.${index}`;

function readAside(key: string): string[] {
	try {
		const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
		return Array.isArray(kept) ? kept.filter((item) => typeof item === 'string') : [];
	} catch {
		return []; // nothing is kept, or this browser keeps nothing
	}
}

/** The clashes of a board that wait for somebody's word, and which of them one person put off. */
export class OpenClashes {
	readonly #key: string;
	#list = $state.raw<readonly Clash[]>([]);
	#aside = $state.raw<readonly string[]>([]);
	/** What was heard of late, and settled: an answer of the server's may be older. */
	#heard: readonly RecordedChange[] = [];
	#settled: readonly string[] = [];

	constructor(of: { userId: string; boardId: string; first: readonly Clash[] }) {
		this.#key = `tongchou/${of.userId}/${of.boardId}/clashes-aside`;
		this.#list = of.first;
	}

	/** Newest first. */
	get list(): readonly Clash[] {
		return this.#list;
	}

	/** Brings in what was put off on earlier visits. */
	load(): void {
		this.#aside = readAside(this.#key);
	}

	/** Takes in what has been committed: new clashes, and changes that decide about older ones. */
	noteChanges(changes: readonly RecordedChange[]): void {
		this.#heard = [...this.#heard, ...changes].slice(-HEARD_MAX);
		const fresh = changes.filter(({ kind }) => kind === 'clash').map(clashOf);
		const known = fresh.map(clashKey);
		const list = [...fresh.reverse(), ...this.#list.filter((clash) => !known.includes(clashKey(clash)))];
		const open = list.filter((clash) => !changes.some((change) => isDecidedBy(clash, change)));
		if (fresh.length > 0 || open.length < this.#list.length) this.#list = open;
	}

	/** Takes in what somebody said. */
	noteSettled(settled: readonly SettledClash[]): void {
		this.#settled = [...this.#settled, ...settled.map(clashKey)];
		this.#list = this.#list.filter((clash) => !this.#settled.includes(clashKey(clash)));
	}

	/**
	 * Takes in what the server lists.
	 * @param seq of the last entry it looked at: what came later is known here only
	 */
	replace({ seq, clashes }: { seq: number; clashes: readonly Clash[] }): void {
		const isOpen = (clash: Clash) =>
			!this.#settled.includes(clashKey(clash)) && !this.#heard.some((change) => isDecidedBy(clash, change));
		this.#list = [...this.#list.filter((clash) => clash.seq > seq), ...clashes.filter(isOpen)];
	}

	/** Puts a clash off: it stays in the list, and is no longer held up to this person. */
	setAside(clash: Clash): void {
		this.#aside = [...this.#aside, clashKey(clash)].slice(-ASIDE_MAX);
		try {
			localStorage.setItem(this.#key, JSON.stringify(this.#aside));
		} catch {
			// a full storage holds it up once more after a reload
		}
	}

	isAside(clash: Clash): boolean {
		return this.#aside.includes(clashKey(clash));
	}
}
