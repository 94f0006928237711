/** Lets only so many pieces of work run at once; the others wait in the order they came. */
export class FewAtOnce {
	#free: number;
	readonly #waiting: (() => void)[] = [];
	constructor(most: number) {
		this.#free = most;
	}

	async run<T>(work: () => Promise<T>): Promise<T> {
		if (this.#free > 0) this.#free -= 1;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free += 1;
		}
	}
}
