import * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { Refusal } from '#domain/refusal.ts';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import { encodeAck, encodeJson, encodeSync, MESSAGE, SYNC } from '#protocol/message.ts';
import { describeUpdate } from '#server/history/derive-changes.ts';
import { recordChanges } from '#server/history/recorded-change.ts';
import { hashOf, type PendingEntry } from '#server/journal/entry.ts';
import type { CommitListener } from '#server/journal/group-commit.ts';
import type { Head } from '#server/journal/journal.ts';
import { authorise } from './authorise.ts';
import type { SyncDeps } from './deps.ts';
import { PresenceRegistry } from './presence-registry.ts';
import type { Session } from './session.ts';

/** An update whose entry is not committed yet, and who waits to be told. */
type Uncommitted = { seq: number; update: Uint8Array; session: Session; count: number };

export interface LoadedBoard {
	doc: Y.Doc;
	head: Head;
	snapshotSeq: number;
	owners: Map<number, string>;
}

/**
 * One board while people are on it: its document, the sessions, and the updates on their way into the journal.
 * Nobody outside of it ever sees what is not committed.
 */
export class Room implements CommitListener {
	readonly boardId: string;
	readonly sessions = new Set<Session>();
	readonly presence: PresenceRegistry;
	readonly #deps: SyncDeps;
	readonly #doc: Y.Doc;
	readonly #owners: Map<number, string>;
	/** End of the journal with what is on its way. */
	readonly #head: Head;
	#committedSeq: number;
	#snapshotSeq: number;
	#uncommitted: Uncommitted[] = [];
	#afterCommit: { seq: number; run: () => void }[] = [];
	#onFailed: () => void;
	#isFailed = false;

	constructor(boardId: string, board: LoadedBoard, deps: SyncDeps, onFailed: () => void) {
		this.boardId = boardId;
		this.presence = new PresenceRegistry(deps.limits);
		this.#deps = deps;
		this.#doc = board.doc;
		this.#owners = board.owners;
		this.#head = board.head;
		this.#committedSeq = board.head.seq;
		this.#snapshotSeq = board.snapshotSeq;
		this.#onFailed = onFailed;
	}

	get epoch(): number {
		return this.#head.epoch;
	}
	get committedSeq(): number {
		return this.#committedSeq;
	}
	get isIdle(): boolean {
		return this.sessions.size === 0 && this.#uncommitted.length === 0;
	}

	/**
	 * Inspects an update, and takes it in: applied at once for the next inspection, shown to nobody before its commit.
	 * @param count which update-carrying message of the session this was
	 * @throws {Refusal} with the whole update left out
	 */
	receive(session: Session, update: Uint8Array, count: number): void {
		const { touched, writers, isKnown } = inspectUpdate(this.#doc, update);
		if (isKnown) return this.whenCommitted(() => this.#ack(session, count));
		authorise(session.role, touched);
		const newWriters = this.#claim(writers, session.actor.userId);
		const receivedAt = new Date().toISOString();
		const changes = describeUpdate(this.#doc, touched, () => Y.applyUpdate(this.#doc, update));
		for (const client of newWriters) this.#owners.set(client, session.actor.userId);
		const entry = this.#nextEntry(session, update, receivedAt);
		const recorded = recordChanges({ seq: entry.seq, at: receivedAt, actorId: entry.actorId }, changes);
		this.#uncommitted.push({ seq: entry.seq, update, session, count });
		this.#deps.commits.append({ ...entry, changes: recorded, newWriters }, this);
	}

	/** Yjs clients belong to the first user who wrote with them on this board; the ones that are new. */
	#claim(writers: readonly number[], userId: string): number[] {
		const foreign = writers.find((client) => (this.#owners.get(client) ?? userId) !== userId);
		if (foreign !== undefined)
			throw new Refusal('foreign-client-id', `client ${foreign} belongs to somebody else`);
		return writers.filter((client) => !this.#owners.has(client));
	}

	#nextEntry(session: Session, update: Uint8Array, receivedAt: string) {
		const bare = {
			boardId: this.boardId,
			seq: this.#head.seq + 1,
			epoch: this.#head.epoch,
			actorId: session.actor.userId,
			sessionId: session.actor.sessionId,
			receivedAt,
			update,
			prevHash: this.#head.hash
		};
		const entry = { ...bare, hash: hashOf(bare) };
		this.#head.seq = entry.seq;
		this.#head.hash = entry.hash;
		return entry;
	}

	/** Runs once everything taken in so far is committed; never, if that fails. */
	whenCommitted(run: () => void): void {
		if (this.#isFailed) return;
		if (this.#head.seq === this.#committedSeq) run();
		else this.#afterCommit.push({ seq: this.#head.seq, run });
	}

	/** What a client that has `stateVector` lacks, sent once it is committed. @throws {Refusal} `malformed-update` */
	answerStep1(session: Session, stateVector: Uint8Array): void {
		let missing: Uint8Array;
		try {
			missing = Y.encodeStateAsUpdate(this.#doc, stateVector);
		} catch (error) {
			throw new Refusal('malformed-update', 'state vector does not decode', { cause: error });
		}
		this.whenCommitted(() => session.send(encodeSync(SYNC.step2, missing)));
	}

	/** Asks a client for what it has and this board lacks. */
	askForMissing(session: Session): void {
		session.send(encodeSync(SYNC.step1, Y.encodeStateVector(this.#doc)));
	}

	broadcast(frame: Uint8Array | undefined, except?: Session): void {
		if (!frame) return;
		for (const session of this.sessions) if (session !== except) session.send(frame);
	}

	committed(entries: PendingEntry[], changes: RecordedChange[]): void {
		const seq = entries.at(-1)!.seq;
		this.#committedSeq = seq;
		const done = this.#uncommitted.filter((waiting) => waiting.seq <= seq);
		this.#uncommitted = this.#uncommitted.filter((waiting) => waiting.seq > seq);
		this.#broadcastUpdates(done);
		for (const [session, own] of Map.groupBy(done, (waiting) => waiting.session))
			this.#ack(session, own.at(-1)!.count);
		if (changes.length > 0) this.#broadcastChanges(changes);
		const due = this.#afterCommit.filter((waiting) => waiting.seq <= seq);
		this.#afterCommit = this.#afterCommit.filter((waiting) => waiting.seq > seq);
		for (const { run } of due) run();
		if (seq - this.#snapshotSeq >= this.#deps.limits.snapshotEntries) this.takeSnapshot();
	}

	/** One frame for all who wrote nothing in this window, and one for each who did, without their own. */
	#broadcastUpdates(done: readonly Uncommitted[]): void {
		const writers = new Set(done.map((waiting) => waiting.session));
		const frameOf = (updates: Uint8Array[]) =>
			updates.length === 0
				? undefined
				: encodeSync(SYNC.update, updates.length === 1 ? updates[0]! : Y.mergeUpdates(updates));
		const forAll = frameOf(done.map((waiting) => waiting.update));
		for (const session of this.sessions) {
			const frame = writers.has(session)
				? frameOf(done.filter((waiting) => waiting.session !== session).map((waiting) => waiting.update))
				: forAll;
			if (frame) session.send(frame);
		}
	}

	#broadcastChanges(changes: RecordedChange[]): void {
		const frame = encodeJson(MESSAGE.changes, changes);
		for (const session of this.sessions) session.sendOwn(frame);
	}

	#ack(session: Session, count: number): void {
		session.sendOwn(encodeAck({ count, seq: this.#committedSeq }));
	}

	failed(error: unknown): void {
		this.#isFailed = true;
		this.#deps.log.error(
			{ err: error, board: this.boardId },
			'commit failed; the board is read again from its journal'
		);
		this.#onFailed();
		for (const session of this.sessions) session.close('try-again-later');
	}

	/** Stores the committed state; a failure costs time at the next start, nothing else. */
	takeSnapshot(): void {
		if (this.#head.seq !== this.#committedSeq || this.#head.seq === this.#snapshotSeq) return;
		const { seq, epoch } = this.#head;
		this.#snapshotSeq = seq;
		const state = Y.encodeStateAsUpdate(this.#doc);
		this.#deps.journal
			.saveSnapshot(this.boardId, { seq, epoch, state, at: new Date().toISOString() })
			.catch((error: unknown) => this.#deps.log.warn({ err: error, board: this.boardId }, 'no snapshot'));
	}

	/** Frees the document. */
	destroy(): void {
		this.#doc.destroy();
	}
}
