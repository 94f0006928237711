import type { Row } from './table.ts';

/** Rows that come in portions, taken as many at a time as fit. */
export class RowSource {
	readonly #portions: AsyncIterator<readonly Row[]>;
	#waiting: readonly Row[] = [];
	#hasEnded = false;

	constructor(portions: AsyncIterable<readonly Row[]>) {
		this.#portions = portions[Symbol.asyncIterator]();
	}

	/** Up to so many rows; none at the end, or if none fit. */
	async take(max: number): Promise<readonly Row[]> {
		if (max <= 0 || !(await this.hasMore())) return [];
		const taken = this.#waiting.slice(0, max);
		this.#waiting = this.#waiting.slice(max);
		return taken;
	}

	async hasMore(): Promise<boolean> {
		while (this.#waiting.length === 0 && !this.#hasEnded) {
			const next = await this.#portions.next();
			if (next.done) this.#hasEnded = true;
			else this.#waiting = next.value;
		}
		return this.#waiting.length > 0;
	}

	/** Lets what the rows come from go. */
	async close(): Promise<void> {
		this.#hasEnded = true;
		await this.#portions.return?.();
	}
}
