import type { Session } from './session.ts';

/** What waits until a room's entries up to a seq are committed. */
export class AfterCommit {
	#waiting: { seq: number; run: () => void; failed?: (() => void) | undefined }[] = [];
	/** One answer a session: a later question makes the earlier one's answer needless. */
	readonly #answers = new Map<Session, { seq: number; frame: Uint8Array }>();

	/** @param failed runs instead if the entries never are committed */
	add(seq: number, run: () => void, failed?: () => void): void {
		this.#waiting.push({ seq, run, failed });
	}

	/** Keeps a frame back for a session, instead of the one kept before. */
	answer(seq: number, session: Session, frame: Uint8Array): void {
		this.#answers.set(session, { seq, frame });
	}

	/** Runs and sends what waited for entries up to `seq`. */
	run(seq: number): void {
		const due = this.#waiting.filter((waiting) => waiting.seq <= seq);
		this.#waiting = this.#waiting.filter((waiting) => waiting.seq > seq);
		for (const { run } of due) run();
		for (const [session, answer] of this.#answers) {
			if (answer.seq > seq) continue;
			this.#answers.delete(session);
			session.send(answer.frame);
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
