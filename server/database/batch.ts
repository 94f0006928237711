interface Waiting<Item, Result> {
	item: Item;
	resolve(result: Result): void;
	reject(error: unknown): void;
}

/** Does in one go what several ask for in the same moment: those who come in together cost the database one question. */
export class Batch<Item, Result> {
	readonly #doAll: (items: readonly Item[]) => Promise<readonly Result[]>;
	#waiting: Waiting<Item, Result>[] = [];

	/** @param doAll gives each item's result in its place */
	constructor(doAll: (items: readonly Item[]) => Promise<readonly Result[]>) {
		this.#doAll = doAll;
	}

	/** The result for one item, of a go that began after this was called. @throws what the whole go does */
	add(item: Item): Promise<Result> {
		return new Promise((resolve, reject) => {
			if (this.#waiting.length === 0) process.nextTick(() => void this.#go());
			this.#waiting.push({ item, resolve, reject });
		});
	}

	async #go(): Promise<void> {
		const asked = this.#waiting;
		this.#waiting = [];
		try {
			const results = await this.#doAll(asked.map(({ item }) => item));
			for (const [index, { resolve }] of asked.entries()) resolve(results[index]!);
		} catch (error) {
			for (const { reject } of asked) reject(error);
		}
	}
}
