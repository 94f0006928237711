/** Finer than any difference that matters, coarse enough to count millions of times cheaply. */
const BUCKET_MS = 0.1;
const LONGEST_MS = 20_000;

/** Counts times and tells percentiles, without keeping the times. */
export class Histogram {
	readonly #buckets = new Uint32Array(LONGEST_MS / BUCKET_MS + 1);
	count = 0;

	add(ms: number, times = 1): void {
		const bucket = Math.min(this.#buckets.length - 1, Math.max(0, Math.round(ms / BUCKET_MS)));
		this.#buckets[bucket]! += times;
		this.count += times;
	}

	/** The time that `share` (0..1) of all are not above, in ms; NaN without any. */
	percentile(share: number): number {
		let left = this.count * share;
		if (this.count === 0) return Number.NaN;
		for (const [bucket, times] of this.#buckets.entries()) {
			left -= times;
			if (left <= 0) return bucket * BUCKET_MS;
		}
		return LONGEST_MS;
	}
}
