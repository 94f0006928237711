const SECOND_MS = 1_000;

/** What somebody may spend at once, refilled with time. */
export class Allowance {
	readonly #burst: number;
	readonly #perSecond: number;
	#left: number;
	#refilledAt = performance.now();
	constructor(burst: number, perSecond: number) {
		this.#burst = burst;
		this.#perSecond = perSecond;
		this.#left = burst;
	}

	/** Pays; false when there was not enough. */
	spend(cost: number): boolean {
		const now = performance.now(); // the clock of the day may be set back
		const refill = ((now - this.#refilledAt) / SECOND_MS) * this.#perSecond;
		this.#left = Math.min(this.#burst, this.#left + refill) - cost;
		this.#refilledAt = now;
		return this.#left >= 0;
	}
}
