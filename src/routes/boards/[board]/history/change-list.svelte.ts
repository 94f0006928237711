import type { RecordedChange } from '#domain/change.ts';
import { Arrivals } from './arrivals.ts';
import { groupRows, inOrder } from './group-rows.ts';
import { type HistoryFilter, isMeant, queryOf } from './history-filter.ts';
import { mergeRows, partRows } from './merge-rows.ts';

/** A page of changes as the API gives it. */
export interface ChangePage {
	changes: RecordedChange[];
	next: string | null;
}

interface ChangeListOptions {
	boardId: string;
	filter: HistoryFilter;
	first: ChangePage;
	/** Number of the entry the first page knows of. */
	seq: number;
	/** Organisation of a person. */
	orgOf(personId: string): string | null;
	fetch: typeof fetch;
}

/** Rows on a page, and on one that catches up. */
const PAGE_ROWS = 50;
const CATCH_UP_ROWS = 500;

/** One filtered history as a page shows it: pages of the past below, what happens now above. */
export class ChangeList {
	readonly #options: ChangeListOptions;
	readonly #query: string;
	readonly #order: (a: RecordedChange, b: RecordedChange) => number;
	#shown = $state.raw<readonly RecordedChange[]>([]);
	/** What came while the reader was further down; it would move what they read. */
	#waiting = $state.raw<readonly RecordedChange[]>([]);
	#next = $state<string | null>(null);
	#isLoading = $state(false);
	#hasFailed = $state(false);
	readonly #arrivals = new Arrivals();
	#isBehind = $state(false);
	/** Something that was told to nobody here has not come yet. */
	#hasGap = false;
	/** Up to here nothing is missing. */
	#seq: number;
	/** The newest entry that was told live. */
	#heardSeq = 0;

	constructor(options: ChangeListOptions) {
		this.#options = options;
		this.#query = queryOf(options.filter);
		this.#order = inOrder(options.filter.order);
		this.#merge(options.first.changes);
		this.#next = options.first.next;
		this.#seq = options.seq;
	}

	readonly days = $derived.by(() =>
		groupRows(this.#shown, this.#options.filter.order, (row) => this.#arrivals.placeOf(row))
	);
	readonly isEmpty = $derived.by(() => this.#shown.length === 0);

	/** Whether a row came while the page was open. */
	isNew = (key: string): boolean => this.#arrivals.isLive(key);

	get waitingCount(): number {
		return this.#waiting.length;
	}
	get hasMore(): boolean {
		return this.#next !== null;
	}
	get isLoading(): boolean {
		return this.#isLoading;
	}
	/** Something happened that could not be fetched. */
	get isBehind(): boolean {
		return this.#isBehind;
	}
	/** The last page did not come; it may be asked for again. */
	get hasFailed(): boolean {
		return this.#hasFailed;
	}

	/** Adds the next page below. */
	async loadMore(): Promise<void> {
		if (this.#isLoading || this.#next === null) return;
		this.#isLoading = true;
		this.#hasFailed = false;
		try {
			const page = await this.#fetchPage(this.#next, this.#endsFolded ? CATCH_UP_ROWS : PAGE_ROWS);
			this.#merge(page.changes);
			this.#next = page.next;
		} catch {
			this.#hasFailed = true;
		} finally {
			this.#isLoading = false;
		}
	}

	/** What many changes are told in takes little room: more of them are asked for at once. */
	get #endsFolded(): boolean {
		return this.days.at(-1)?.sittings.at(-1)?.items.at(-1)?.fold !== undefined;
	}

	async #fetchPage(after: string | null, limit: number): Promise<ChangePage> {
		const { boardId, fetch } = this.#options;
		const query = [this.#query, `limit=${limit}`, after && `after=${after}`].filter(Boolean).join('&');
		const response = await fetch(`/api/boards/${boardId}/changes?${query}`);
		if (!response.ok) throw new Error(`${response.status}`);
		return (await response.json()) as ChangePage;
	}

	/**
	 * Takes in what has just been committed.
	 * @param isReading the reader is further down: new rows wait until they are asked for
	 */
	take(changes: readonly RecordedChange[], isReading: boolean): void {
		this.#heardSeq = Math.max(this.#heardSeq, ...changes.map(({ seq }) => seq));
		if (!this.#hasGap) this.#seq = Math.max(this.#seq, this.#heardSeq);
		this.#takeIn(changes, isReading);
	}

	#takeIn(changes: readonly RecordedChange[], isReading: boolean): void {
		const { filter, orgOf } = this.#options;
		const last = this.#shown.at(-1);
		const isBelow = (row: RecordedChange) => this.hasMore && last !== undefined && this.#order(row, last) > 0;
		const meant = changes.filter((row) => isMeant(row, filter, orgOf) && !isBelow(row));
		const { known, fresh } = partRows(meant, this.#shown);
		this.#arrivals.noteLive(fresh);
		// on the clock of the dates notes that go on move to another place, on that of the entries they stay in theirs
		const isStill = !isReading || filter.order === 'entered';
		if (isStill) this.#merge(known);
		const later = isStill ? fresh : meant;
		if (later.length > 0) this.#waiting = mergeRows(this.#waiting, later, this.#order);
		if (!isReading) this.showWaiting();
	}

	/** Puts what waits where it belongs. */
	showWaiting(): void {
		this.#merge(this.#waiting);
		this.#waiting = [];
	}

	/**
	 * Fetches what happened while nobody told it: all down to the oldest row that is shown, as notes of old rows may
	 * have gone on.
	 * @param seq where the board is now
	 * @param missed what was done about the board without an entry may be missing as well: the line was gone
	 */
	async catchUp(seq: number, isReading: boolean, missed = false): Promise<void> {
		if (seq <= this.#seq && !missed) return;
		this.#hasGap = true;
		try {
			await this.#refetch(isReading);
			this.#isBehind = this.#hasGap = false;
			this.#seq = Math.max(seq, this.#seq, this.#heardSeq);
		} catch {
			this.#isBehind = true; // and the next time the line is there it is tried again
		}
	}

	async #refetch(isReading: boolean): Promise<void> {
		const last = this.#shown.at(-1);
		let after: string | null = null;
		do {
			const page: ChangePage = await this.#fetchPage(after, CATCH_UP_ROWS);
			this.#takeIn(page.changes, isReading);
			const isPast = page.changes.some((row) => last === undefined || this.#order(row, last) >= 0);
			after = isPast ? null : page.next;
		} while (after !== null);
	}

	#merge(rows: readonly RecordedChange[]): void {
		if (rows.length === 0) return;
		this.#arrivals.note(rows);
		this.#shown = mergeRows(this.#shown, rows, this.#order);
	}
}
