/** So many at once share their look-ups, and keep nobody else waiting for long. */
const AT_ONCE = 32;

/** Lets a few through in each round of the event loop, in the order of asking: thousands may ask at once. */
export class Door {
	#waiting: (() => void)[] = [];

	pass(): Promise<void> {
		return new Promise((letIn) => {
			if (this.#waiting.push(letIn) === 1) setImmediate(() => this.#open());
		});
	}

	#open(): void {
		const next = this.#waiting.splice(0, AT_ONCE);
		if (this.#waiting.length > 0) setImmediate(() => this.#open());
		for (const letIn of next) letIn();
	}
}
