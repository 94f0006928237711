import { beginTurn, nextTurn } from './turns.ts';

type Task = () => void | Promise<void>;

/** Does one thing after the other, in the order of asking: at once while nothing before it takes its time. */
export class Lane {
	readonly #waiting: Task[] = [];
	#isBusy = false;

	/** Nothing is under way or waits. */
	get isFree(): boolean {
		return !this.#isBusy;
	}

	/** @returns what resolves when the task is done; undefined if it is already */
	run(task: Task): void | Promise<void> {
		if (this.#isBusy) return this.#wait(task);
		const going = task();
		if (!going) return;
		this.#isBusy = true;
		return going.finally(() => void this.#goOn());
	}

	#wait(task: Task): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		this.#waiting.push(async () => {
			try {
				resolve(await task());
			} catch (error) {
				reject(error);
			}
		});
		return promise;
	}

	async #goOn(): Promise<void> {
		let isOver = beginTurn();
		for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
			await task();
			if (!isOver()) continue;
			await nextTurn();
			isOver = beginTurn();
		}
		this.#isBusy = false;
	}

	/** Resolves when everything asked for until now is done. */
	async whenFree(): Promise<void> {
		await this.run(() => undefined);
	}
}
