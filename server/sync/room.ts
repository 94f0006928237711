import type * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Steps } from '#doc/steps.ts';
import type { CloseReason } from '#protocol/close-code.ts';
import { encodeAck } from '#protocol/message.ts';
import type { PendingEntry } from '#server/journal/entry.ts';
import type { CommitListener } from '#server/journal/group-commit.ts';
import type { BoardStatus, Head } from '#server/journal/journal.ts';
import type { PackedState } from '#server/journal/packed-state.ts';
import type { StoredBoard } from '#server/journal/stored-board.ts';
import { AfterCommit } from './after-commit.ts';
import { Audience } from './audience.ts';
import { BoardContent } from './board-content.ts';
import { ClientOwners } from './client-owners.ts';
import type { SyncDeps } from './deps.ts';
import { Greeter } from './greeter.ts';
import { type Edit, Intake, type Uncommitted } from './intake.ts';
import { Lane } from './lane.ts';
import { PresenceRegistry } from './presence-registry.ts';
import type { Session } from './session.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';

/** A board as it is stored, with the people its Yjs clients belong to. */
export type OpenedBoard = StoredBoard & { owners: Map<number, string> };

/**
 * One board while people are on it: its document, the sessions, and the updates on their way into the journal.
 * Nobody outside of it ever sees what is not committed.
 */
export class Room implements CommitListener {
	readonly boardId: string;
	readonly presence: PresenceRegistry;
	/** What comes from the people here, one after the other: a large update takes many turns. */
	readonly lane = new Lane();
	readonly #audience = new Audience();
	readonly #deps: SyncDeps;
	readonly #content: BoardContent;
	/** Tells those who come in what they lack. */
	readonly greeter: Greeter;
	readonly #snapshots: SnapshotKeeper;
	readonly #intake: Intake;
	readonly #owners: ClientOwners;
	/** End of the journal with what is on its way. */
	readonly #head: Head;
	readonly #afterCommit = new AfterCommit();
	readonly #onFailed: () => void;
	#isArchived: boolean;
	#isFailed = false;

	constructor(boardId: string, board: OpenedBoard, deps: SyncDeps, onFailed: () => void) {
		this.boardId = boardId;
		this.#deps = deps;
		const { head, storedSeq } = board;
		const { tailEntries: entries, tailBytes: bytes } = deps.limits;
		this.#content = new BoardContent(board, { entries, bytes });
		this.#snapshots = new SnapshotKeeper({ boardId, epoch: head.epoch, storedSeq }, this.#content, deps);
		this.#owners = new ClientOwners(board.owners, deps.limits);
		this.#head = head;
		this.#isArchived = board.isArchived;
		this.#onFailed = onFailed;
		this.greeter = new Greeter({
			boardId,
			content: this.#content,
			document: () => this.#document(),
			head,
			afterCommit: this.#afterCommit,
			sessions: this.sessions,
			deps
		});
		this.presence = new PresenceRegistry({
			limits: deps.limits,
			ownerOf: (clientId) => this.#owners.of(clientId),
			publish: (frame) => this.#audience.tellAll(frame)
		});
		const intakeBoard = {
			boardId,
			head,
			owners: this.#owners,
			listener: this,
			document: () => this.#document(),
			isArchived: () => this.#isArchived,
			isInLibrary: deps.isInLibrary,
			speakerOf: (client: number) => this.presence.userOf(client)?.userId,
			abandon: (error: unknown) => this.#abandon(error)
		};
		this.#intake = new Intake(intakeBoard, deps.commits);
	}

	/** The connections of those who are here. */
	get sessions(): Set<Session> {
		return this.#audience.sessions;
	}
	get epoch(): number {
		return this.#head.epoch;
	}
	get committedSeq(): number {
		return this.#content.end.seq;
	}
	/** The state as it was last stored. */
	get storedState(): PackedState | undefined {
		return this.#content.base.state;
	}
	/** The document may hold what the journal does not: it must not be used any more. */
	get isFailed(): boolean {
		return this.#isFailed;
	}
	/** Everything taken in is committed. */
	get isSettled(): boolean {
		return this.#head.seq === this.committedSeq && !this.#intake.isHalfway;
	}
	/** The document with everything taken in. */
	*#document(): Steps<Y.Doc> {
		try {
			return yield* this.#content.document();
		} catch (error) {
			// what is stored is whole and yet no board: the journal alone is the truth
			void this.#deps.journal.forgetSnapshots(this.boardId).catch(() => undefined);
			this.#abandon(error);
			throw error;
		}
	}

	/**
	 * Inspects an update, and takes it in: applied for the next inspection, shown to nobody before its commit. Nothing
	 * else may come to the document until the last step.
	 * @param count which update-carrying message of the session this was
	 * @returns true if nothing in it was new
	 * @throws {Refusal} with the whole update left out
	 */
	*receive(session: Session, update: Uint8Array, count: number): Steps<boolean> {
		return !(yield* this.#intake.take({ author: session, update }, { session, count }));
	}

	/**
	 * Takes in an edit that a service made for somebody, by the same rules as one from a connection.
	 * @throws {Refusal} with the whole edit left out
	 */
	*edit(edit: Edit): Steps<void> {
		yield* this.#intake.take(edit);
	}

	/** The number of the last entry taken in, once it is committed; rejected if the journal does not take it. */
	whenCommitted(): Promise<number> {
		const { seq } = this.#head;
		if (this.isSettled) return Promise.resolve(seq);
		return new Promise((resolve, reject) => {
			const failed = () => reject(new Refusal('storage-failed', 'the journal did not take the edit'));
			if (this.#isFailed) failed();
			else this.#afterCommit.add(seq, () => resolve(seq), failed);
		});
	}

	/**
	 * Sends a client what it lacks, once everything taken in so far is committed.
	 * @throws {Refusal} `old-epoch` if its document is of another epoch; as `Greeter.answerStep1`
	 */
	answerStep1(session: Session, stateVector: Uint8Array): void | Promise<void> {
		this.#owners.assertVectorOfThisEpoch(stateVector);
		return this.greeter.answerStep1(session, stateVector);
	}

	/** Vouches for a message that brought nothing new, once everything taken in so far is committed. */
	ackWhenCommitted(session: Session, count: number): void {
		if (this.isSettled) this.#ack(session, count);
		else this.#afterCommit.add(this.#head.seq, () => this.#ack(session, count));
	}

	committed(entries: PendingEntry[], changes: RecordedChange[]): void {
		if (this.#isFailed) return;
		const seq = entries.at(-1)!.seq;
		this.#content.keep(entries);
		const done = this.#intake.takeCommitted(seq);
		this.#audience.atOnce(() => {
			this.#audience.tellUpdates(done);
			for (const [session, count] of lastMessages(done)) this.#ack(session, count);
			this.#audience.tellChanges(changes);
			for (const { clashes } of done) this.#audience.tellClashes(clashes);
		});
		this.#afterCommit.run(seq);
		this.greeter.noteLater();
		this.#snapshots.takeIfDue();
	}

	/** Vouches for a session's first `count` messages, unless one of them is still missing. */
	#ack(session: Session, count: number): void {
		if (session.isBehind || count < session.ackFrom) return;
		session.sendOwn(encodeAck({ count, seq: this.committedSeq }));
	}

	failed(error: unknown): void {
		if (this.#isFailed) return;
		this.#isFailed = true;
		this.#afterCommit.clear();
		this.#intake.clear();
		this.#deps.log.error(
			{ err: error, board: this.boardId },
			'the board is not what it was thought to be; it is read again from its journal'
		);
		this.#onFailed();
		for (const session of this.sessions) session.close(reasonOf(error));
		this.presence.close();
		this.greeter.close();
	}

	#abandon(error: unknown): void {
		this.#deps.commits.drop(this);
		this.failed(error);
	}

	/** Takes notice of what the database says of the board; undefined = that there is none any more. */
	noteStatus(status: BoardStatus | undefined): void {
		if (this.#isFailed) return;
		if (!status) return this.#abandon(new Refusal('not-found', 'the board is gone'));
		this.#isArchived = status.isArchived;
		if (status.epoch !== this.#head.epoch)
			return this.#abandon(new Refusal('old-epoch', `the board is at epoch ${status.epoch} now`));
		if (status.seq > this.#head.seq) this.#abandon(new Error('somebody else wrote into the journal'));
	}

	/** Stores the committed state. */
	async takeSnapshot(): Promise<void> {
		if (!this.#isFailed) await this.#snapshots.take();
	}

	/** Lets the document go if nobody needed it for a while; until somebody does, what is stored is enough. */
	async restIfQuiet(): Promise<void> {
		const { hasDocument, usedAt } = this.#content;
		if (performance.now() - usedAt < this.#deps.limits.quietDocumentMs) return;
		this.greeter.rest();
		if (!hasDocument) return;
		await this.takeSnapshot();
		const isFree = this.lane.isFree && this.isSettled && !this.#isFailed;
		if (isFree && this.#content.usedAt === usedAt) this.#content.forgetDocument();
	}

	/** Frees the document. */
	destroy(): void {
		this.presence.close();
		this.greeter.close();
		this.#content.forgetDocument();
	}
}

/** By session, which of its messages was the last of these. */
function lastMessages(done: readonly Uncommitted[]): Map<Session, number> {
	return new Map(done.flatMap(({ message }) => (message ? [[message.session, message.count] as const] : [])));
}

/** What those who were here are told; all but these come back and find the board as it is. */
function reasonOf(error: unknown): CloseReason {
	if (!(error instanceof Refusal)) return 'try-again-later';
	if (error.code === 'old-epoch') return 'old-epoch';
	return error.code === 'not-found' ? 'no-such-board' : 'try-again-later';
}
