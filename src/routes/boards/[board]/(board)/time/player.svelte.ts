/** How long a moment stays on the screen at the usual speed. */
const MOMENT_MS = 1_500;
export const SPEEDS = [1, 2, 4, 8] as const;
export type Speed = (typeof SPEEDS)[number];

interface PlayerOptions {
	/** Shows the next moment; false if there is none. */
	forward(): Promise<boolean>;
	/** Waits; to be broken off by the signal. */
	wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Waits, or less if it is broken off. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const timer = setTimeout(resolve, ms);
		signal.addEventListener('abort', () => {
			clearTimeout(timer);
			resolve();
		});
	});
}

/** Plays a board's history: one moment after the other, each once it is on the screen. */
export class Player {
	speed = $state<Speed>(1);
	readonly #options: PlayerOptions;
	#run = $state.raw<AbortController | undefined>();

	constructor(options: PlayerOptions) {
		this.#options = options;
	}

	get isPlaying(): boolean {
		return this.#run !== undefined;
	}

	async play(): Promise<void> {
		this.pause();
		const run = new AbortController();
		this.#run = run;
		while (!run.signal.aborted && (await this.#options.forward()))
			await this.#options.wait(MOMENT_MS / this.speed, run.signal);
		if (this.#run === run) this.#run = undefined;
	}

	pause(): void {
		this.#run?.abort();
		this.#run = undefined;
	}
}
