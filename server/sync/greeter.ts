import type * as Y from 'yjs';
import type { Steps } from '#doc/steps.ts';
import type { Hello } from '#protocol/message.ts';
import { encodeHello, encodeSync, markOf, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { Refusal } from '#domain/refusal.ts';
import { isBeginning } from '#server/journal/beginning.ts';
import type { Head } from '#server/journal/journal.ts';
import type { AfterCommit } from './after-commit.ts';
import type { BoardContent } from './board-content.ts';
import type { SyncDeps } from './deps.ts';
import { EMPTY_STEP2, JoinAnswers } from './join-answers.ts';
import type { Session } from './session.ts';
import { inTurns } from './turns.ts';

interface Parts {
	boardId: string;
	content: BoardContent;
	/** The document with everything taken in. */
	document(): Steps<Y.Doc>;
	/** End of the journal with what is on its way. */
	head: Readonly<Head>;
	afterCommit: AfterCommit;
	sessions: ReadonlySet<Session>;
	deps: Pick<SyncDeps, 'journal' | 'limits' | 'log'>;
}

/** Brings those who join or come back up to what is committed, with as little as they need. */
export class Greeter {
	readonly #parts: Parts;
	readonly #answers: JoinAnswers;
	#noteTimer: NodeJS.Timeout | undefined;

	constructor(parts: Parts) {
		this.#parts = parts;
		this.#answers = new JoinAnswers(parts.content, parts.document, parts.deps.limits.newClientsPerUpdate);
	}

	/**
	 * Takes a hello and answers it.
	 * @throws {Refusal} `old-epoch` if the client's copy is of a past that is not this board's any more
	 */
	hello(session: Session, { version, epoch, seq, mark }: Hello): void {
		const { content, head } = this.#parts;
		const { end } = content;
		const hash = content.hashAt(seq);
		const isOther = Boolean(mark) && hash !== undefined && markOf(hash) !== mark;
		if (seq > 0 && (epoch !== head.epoch || seq > end.seq || isOther))
			throw new Refusal('old-epoch', `client is at ${epoch}/${seq}, the board at ${head.epoch}/${end.seq}`);
		session.greeted = true;
		session.copy = mark === undefined ? undefined : { seq: mark === '' ? 0 : seq, mark };
		session.isInStep = false;
		const spoken = Math.max(1, Math.min(version, PROTOCOL_VERSION));
		session.holdForNow(); // a question in the same packet is answered in the same one
		session.send(encodeHello({ version: spoken, epoch: head.epoch, seq: end.seq }));
	}

	/** Asks a client for what it has and the board lacks. */
	askForMissing(session: Session): void {
		session.send(encodeSync(SYNC.step1, this.#parts.content.stateVector));
	}

	/**
	 * Sends a client what it lacks, once everything taken in so far is committed.
	 * @throws {Refusal} `malformed-update`, `too-large`, `too-fast`
	 */
	answerStep1(session: Session, stateVector: Uint8Array): void | Promise<void> {
		const { copy } = session;
		if (!copy) return inTurns(this.#answerByVector(session, stateVector));
		session.copy = { seq: 0, mark: '' }; // what a hello says is true of the first question after it
		if (copy.seq === 0) {
			if (stateVector.byteLength > 1) return inTurns(this.#answerByVector(session, stateVector));
			return this.#catchUp(session, () => this.#answers.all());
		}
		if (this.#answers.since(copy.seq)) return this.#catchUp(session, () => this.#framesSince(copy.seq));
		void this.#catchUpFromJournal(session, copy);
	}

	#framesSince(seq: number): Uint8Array[] {
		const frame = this.#answers.since(seq);
		return frame ? [frame] : this.#answers.all();
	}

	*#answerByVector(session: Session, stateVector: Uint8Array): Steps<void> {
		const { frame, isNew } = yield* this.#answers.missingFrom(stateVector, this.#parts.head.seq);
		if (isNew && !session.spendOnAnswer(frame.byteLength))
			throw new Refusal('too-fast', 'too many large answers');
		this.#onceCommitted(session, () => {
			session.send(frame);
			if (!session.copy) return;
			session.isInStep = true;
			session.send(this.#note());
		});
	}

	#catchUp(session: Session, frames: () => Uint8Array[]): void {
		this.#onceCommitted(session, () => {
			for (const frame of frames()) session.send(frame);
			session.send(EMPTY_STEP2);
			session.isInStep = true;
		});
	}

	#onceCommitted(session: Session, send: () => void): void {
		const { head, content, afterCommit } = this.#parts;
		if (head.seq === content.end.seq) send();
		else afterCommit.answer(head.seq, session, send);
	}

	/** For who was away longer than memory reaches back. */
	async #catchUpFromJournal(session: Session, copy: { seq: number; mark: string }): Promise<void> {
		const { boardId, content, deps } = this.#parts;
		const isFar = content.end.seq - copy.seq > deps.limits.tailEntries;
		const range = { afterSeq: copy.seq - 1, upToSeq: isFar ? copy.seq : content.end.seq };
		try {
			const read = await deps.journal.stretch(boardId, range, deps.limits.tailBytes);
			if (read && markOf(read[0]!.hash) !== copy.mark) return session.close('old-epoch');
			const missed = read?.slice(1) ?? [];
			if (missed.some(isBeginning)) return session.close('old-epoch');
			const frame = missed.length > 0 ? this.#answers.sinceRead(missed) : undefined;
			if (frame && !session.spendOnAnswer(frame.byteLength)) return session.close('too-fast');
			this.#catchUp(session, () => this.#framesFrom(frame));
		} catch (error) {
			deps.log.warn({ err: error, board: boardId }, 'the past of a copy could not be read');
			this.#catchUp(session, () => this.#answers.all());
		}
	}

	/** What was committed since a frame was made has been sent already, to everybody here. */
	#framesFrom(frame: Uint8Array | undefined): Uint8Array[] {
		return frame ? [frame] : this.#answers.all();
	}

	#note(): Uint8Array {
		return this.#answers.since(this.#parts.content.end.seq)!;
	}

	/** Tells those who keep copies, some time after a commit, how far theirs is. */
	noteLater(): void {
		this.#noteTimer ??= setTimeout(() => {
			this.#noteTimer = undefined;
			const note = this.#note();
			for (const session of this.#parts.sessions) if (session.isInStep) session.send(note);
		}, this.#parts.deps.limits.catchUpNoteMs);
		this.#noteTimer.unref();
	}

	/** Frees what was worked out. */
	rest(): void {
		this.#answers.forget();
	}

	close(): void {
		clearTimeout(this.#noteTimer);
	}
}
