import type { Session } from './session.ts';

/** What waits until a room's entries up to a seq are committed. */
export class AfterCommit {
	#waiting: { seq: number; run: () => void; failed?: (() => void) | undefined }[] = [];
	/** One answer a session: a later question makes the earlier one's answer needless. */
	readonly #answers = new Map<Session, { seq: number; send: () => void }>();

	/** @param failed runs instead if the entries never are committed */
	add(seq: number, run: () => void, failed?: () => void): void {
		this.#waiting.push({ seq, run, failed });
	}

	/** Keeps an answer back for a session, instead of the one kept before. */
	answer(seq: number, session: Session, send: () => void): void {
		this.#answers.set(session, { seq, send });
	}

	/** Runs and sends what waited for entries up to `seq`. */
	run(seq: number): void {
		const due = this.#waiting.filter((waiting) => waiting.seq <= seq);
		this.#waiting = this.#waiting.filter((waiting) => waiting.seq > seq);
		for (const { run } of due) run();
		for (const [session, answer] of this.#answers) {
			if (answer.seq > seq) continue;
			this.#answers.delete(session);
			answer.send();
		}
	}

	/** Forgets everything; who must know is told. */
	clear(): void {
		const dropped = this.#waiting;
		this.#waiting = [];
		this.#answers.clear();
		for (const { failed } of dropped) failed?.();
	}
}
