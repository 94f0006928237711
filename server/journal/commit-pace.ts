import { performance } from 'node:perf_hooks';

/** How busy the program must be for windows to grow, and how idle for them to shrink again. */
const BUSY = 0.6;
const IDLE = 0.45;
const STEP = 1.5;
/** How busy it is says nothing over less time than this. */
const LOOK_EVERY_MS = 50;

/** A span of time, and which part of it the program was busy. */
export interface Busyness {
	forMs: number;
	share: number;
}

/**
 * How long entries are gathered before they are committed. The more share a window, the less each costs in commits and
 * frames; what that buys is only needed where the program hardly keeps up. Until then nobody is kept waiting for it.
 */
export class CommitPace {
	readonly #shortestMs: number;
	readonly #longestMs: number;
	readonly #busyness: () => Busyness;
	#ms: number;

	/** @param busyness since it said last that it was long enough ago */
	constructor(
		{ ms, longestMs }: { ms: number; longestMs: number },
		busyness: () => Busyness = sinceLastLook()
	) {
		this.#shortestMs = this.#ms = ms;
		this.#longestMs = longestMs;
		this.#busyness = busyness;
	}

	/** Length of the next window. */
	next(): number {
		const { forMs, share } = this.#busyness();
		if (forMs < LOOK_EVERY_MS) return this.#ms;
		if (share > BUSY) this.#ms = Math.min(this.#ms * STEP, this.#longestMs);
		else if (share < IDLE) this.#ms = Math.max(this.#ms / STEP, this.#shortestMs);
		return this.#ms;
	}
}

/** How busy the event loop was since the last time this was asked and enough time had passed. */
function sinceLastLook(): () => Busyness {
	let last = performance.eventLoopUtilization();
	return () => {
		const now = performance.eventLoopUtilization();
		const { active, idle, utilization } = performance.eventLoopUtilization(now, last);
		if (active + idle >= LOOK_EVERY_MS) last = now;
		return { forMs: active + idle, share: utilization };
	};
}
