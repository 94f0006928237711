import { beginTurn, nextTurn } from './turns.ts';

type Task = () => void | Promise<void>;

/**
 * Does one thing after the other, in the order of asking: at once while nothing before it takes its time, and while all
 * of them together, a hundred questions in one packet say, have not had their turn.
 */
export class Lane {
	readonly #waiting: Task[] = [];
	#isBusy = false;
	/** Of the turn in this round of the event loop; undefined before its first task. */
	#isOver: (() => boolean) | undefined;

	/** Nothing is under way or waits. */
	get isFree(): boolean {
		return !this.#isBusy;
	}

	/** @returns what resolves when the task is done; undefined if it is already */
	run(task: Task): void | Promise<void> {
		if (this.#isBusy) return this.#wait(task);
		if (this.#isTurnOver()) return this.#waitForNextTurn(task);
		const going = task();
		if (!going) return;
		this.#isBusy = true;
		return going.finally(() => void this.#goOn());
	}

	#isTurnOver(): boolean {
		if (this.#isOver) return this.#isOver();
		this.#isOver = beginTurn();
		setImmediate(() => (this.#isOver = undefined));
		return false;
	}

	#waitForNextTurn(task: Task): Promise<void> {
		this.#isBusy = true;
		void nextTurn().then(() => this.#goOn());
		return this.#wait(task);
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
