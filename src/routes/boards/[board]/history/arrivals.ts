import type { RecordedChange } from '#domain/change.ts';
import { keyOf } from './group-rows.ts';

/** In which order a page came to know its rows, and which of them came while it was open. */
export class Arrivals {
	readonly #places = new Map<string, number>();
	readonly #live = new Set<string>();

	/** Takes rows down; those that are known keep their place. */
	note(rows: readonly RecordedChange[]): void {
		for (const row of rows) {
			if (!this.#places.has(keyOf(row))) this.#places.set(keyOf(row), this.#places.size);
		}
	}

	/** Takes down that rows came while the page was open. */
	noteLive(rows: readonly RecordedChange[]): void {
		for (const row of rows) this.#live.add(keyOf(row));
	}

	/** Which of the rows this was, from 0; behind all others if it is unknown. */
	placeOf(row: RecordedChange): number {
		return this.#places.get(keyOf(row)) ?? Infinity;
	}

	isLive(key: string): boolean {
		return this.#live.has(key);
	}
}
