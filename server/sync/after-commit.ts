import type { Session } from './session.ts';

/** What waits until a room's entries up to a seq are committed. */
export class AfterCommit {
	#waiting: { seq: number; run: () => void }[] = [];
	/** One answer a session: a later question makes the earlier one's answer needless. */
	readonly #answers = new Map<Session, { seq: number; frame: Uint8Array }>();

	add(seq: number, run: () => void): void {
		this.#waiting.push({ seq, run });
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

	/** Forgets everything. */
	clear(): void {
		this.#waiting = [];
		this.#answers.clear();
	}
}
