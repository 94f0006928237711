type Task = () => void | Promise<void>;

/** Frames of one connection, handled in their order: at once while none before them takes its time. */
export class FrameQueue {
	#waiting: Task[] = [];
	#isBusy = false;
	/** Changed when everything is dropped. */
	#line = {};

	run(task: Task): void {
		if (this.#isBusy) return void this.#waiting.push(task);
		const going = task();
		if (!going) return;
		this.#isBusy = true;
		const line = this.#line;
		// what follows a frame that could not be handled would be shown as if it had been: the next line begins anew
		going.then(
			() => this.isStill(line) && this.#goOn(),
			() => undefined
		);
	}

	#goOn(): void {
		this.#isBusy = false;
		for (let task = this.#waiting.shift(); task; task = this.#waiting.shift()) {
			this.run(task);
			if (this.#isBusy) return;
		}
	}

	/** To find out later whether everything was dropped meanwhile. */
	mark(): object {
		return this.#line;
	}
	isStill(line: object): boolean {
		return this.#line === line;
	}

	/** Drops what waits, and lets nobody wait for what is under way. */
	clear(): void {
		this.#waiting = [];
		this.#isBusy = false;
		this.#line = {};
	}
}
