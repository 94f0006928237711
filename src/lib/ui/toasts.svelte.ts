import { createContext } from 'svelte';

/** A message that needs no answer, for a while. */
export interface Toast {
	id: number;
	text: string;
	tone: 'neutral' | 'success' | 'warning' | 'danger';
	/** One thing that can be done about it, such as 撤销. */
	action?: { label: string; run: () => void };
}

/** A message with something to do stays long enough to be read, weighed and reached by keyboard. */
const WITH_ACTION_MS = 12_000;
const PLAIN_MS = 5_000;
const SHOWN_AT_ONCE = 3;

/** The messages at the edge of one person's screen; the oldest gives way to the fourth. */
export class Toasts {
	#shown = $state.raw<readonly Toast[]>([]);
	#timers: Record<number, ReturnType<typeof setTimeout>> = {};
	#held = false;
	#lastId = 0;

	get shown(): readonly Toast[] {
		return this.#shown;
	}

	/** Shows a message and returns its id. */
	show(text: string, options: Partial<Pick<Toast, 'tone' | 'action'>> = {}): number {
		const toast: Toast = {
			id: ++this.#lastId,
			text,
			tone: options.tone ?? 'neutral',
			action: options.action
		};
		for (const old of this.#shown.slice(0, Math.max(0, this.#shown.length + 1 - SHOWN_AT_ONCE)))
			this.dismiss(old.id);
		this.#shown = [...this.#shown, toast];
		if (!this.#held) this.#startTimer(toast);
		return toast.id;
	}

	/** Takes a message away; none of that id is no error. */
	dismiss(id: number): void {
		clearTimeout(this.#timers[id]);
		delete this.#timers[id];
		this.#shown = this.#shown.filter((toast) => toast.id !== id);
	}

	/** Does what the message offers, and takes it away. */
	act(toast: Toast): void {
		this.dismiss(toast.id);
		toast.action?.run();
	}

	/** Nothing goes away while somebody points at the messages or has the focus in them. */
	hold(): void {
		this.#held = true;
		for (const timer of Object.values(this.#timers)) clearTimeout(timer);
		this.#timers = {};
	}

	/** Starts the time of every message anew. */
	release(): void {
		this.#held = false;
		for (const toast of this.#shown) this.#startTimer(toast);
	}

	#startTimer(toast: Toast): void {
		clearTimeout(this.#timers[toast.id]);
		const stay = toast.action ? WITH_ACTION_MS : PLAIN_MS;
		this.#timers[toast.id] = setTimeout(() => this.dismiss(toast.id), stay);
	}
}

const [useToasts, provideToasts] = createContext<Toasts>();
export { provideToasts, useToasts };
