/** How often something may happen: so many times at once, and one more each time `everyMs` has passed. */
export interface Rate {
	burst: number;
	everyMs: number;
}

/** Full buckets are forgotten when there are more than this. */
const KEPT_MAX = 50_000;

/** Counts what happened under many keys, and forgets it at the rate. */
export class TokenBuckets {
	readonly #rate: Rate;
	readonly #now: () => number;
	readonly #spent = new Map<string, { tokens: number; atMs: number }>();
	constructor(rate: Rate, now: () => number) {
		this.#rate = rate;
		this.#now = now;
	}

	/** How much a key has left; below 0 it has to wait. */
	left(key: string): number {
		const { burst, everyMs } = this.#rate;
		const bucket = this.#spent.get(key);
		return bucket ? Math.min(burst, bucket.tokens + (this.#now() - bucket.atMs) / everyMs) : burst;
	}

	/** How long until a key has `cost` left, in milliseconds. */
	waitMs(key: string, cost: number): number {
		return Math.max(0, Math.ceil((cost - this.left(key)) * this.#rate.everyMs));
	}

	/** Takes from a key, or gives back with a cost below 0. */
	spend(key: string, cost: number): void {
		const tokens = this.left(key) - cost;
		this.#spent.delete(key); // so that the order is that of the last use
		if (tokens < this.#rate.burst) this.#spent.set(key, { tokens, atMs: this.#now() });
		if (this.#spent.size > KEPT_MAX) this.#forget();
	}

	/** Forgets what is full again, and if that is nothing, what was used longest ago. */
	#forget(): void {
		for (const key of this.#spent.keys()) if (this.left(key) >= this.#rate.burst) this.#spent.delete(key);
		for (const key of this.#spent.keys()) {
			if (this.#spent.size <= KEPT_MAX / 2) return;
			this.#spent.delete(key);
		}
	}
}
