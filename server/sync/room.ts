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
import { AfterCommit } from './after-commit.ts';
import { authorise } from './authorise.ts';
import type { SyncDeps } from './deps.ts';
import { PresenceRegistry } from './presence-registry.ts';
import type { Session } from './session.ts';
import { StateFrames } from './state-frames.ts';

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
	readonly #states: StateFrames;
	readonly #owners: Map<number, string>;
	/** End of the journal with what is on its way. */
	readonly #head: Head;
	readonly #afterCommit = new AfterCommit();
	readonly #onFailed: () => void;
	#committedSeq: number;
	#snapshotSeq: number;
	#uncommitted: Uncommitted[] = [];
	#isFailed = false;

	constructor(boardId: string, board: LoadedBoard, deps: SyncDeps, onFailed: () => void) {
		this.boardId = boardId;
		this.#deps = deps;
		this.#doc = board.doc;
		this.#states = new StateFrames(board.doc);
		this.#owners = board.owners;
		this.#head = board.head;
		this.#committedSeq = board.head.seq;
		this.#snapshotSeq = board.snapshotSeq;
		this.#onFailed = onFailed;
		this.presence = new PresenceRegistry({
			limits: deps.limits,
			ownerOf: (clientId) => this.#owners.get(clientId),
			publish: (frame) => this.#broadcast(frame)
		});
	}

	get epoch(): number {
		return this.#head.epoch;
	}
	get committedSeq(): number {
		return this.#committedSeq;
	}
	/** The document holds what the journal does not: it must not be used any more. */
	get isFailed(): boolean {
		return this.#isFailed;
	}
	/** Everything taken in is committed. */
	get isSettled(): boolean {
		return this.#head.seq === this.#committedSeq;
	}

	/**
	 * Inspects an update, and takes it in: applied at once for the next inspection, shown to nobody before its commit.
	 * @param count which update-carrying message of the session this was
	 * @returns true if nothing in it was new
	 * @throws {Refusal} with the whole update left out
	 */
	receive(session: Session, update: Uint8Array, count: number): boolean {
		if (this.#deps.commits.isFull) throw new Refusal('storage-failed', 'the journal does not keep up');
		const { touched, writers, isKnown } = inspectUpdate(this.#doc, update);
		if (isKnown) return true;
		authorise(session.role, touched);
		const newWriters = this.#newWriters(writers, session.actor.userId);
		const receivedAt = new Date().toISOString();
		const changes = this.#applying(() =>
			describeUpdate(this.#doc, touched, () => Y.applyUpdate(this.#doc, update))
		);
		for (const client of newWriters) this.#owners.set(client, session.actor.userId);
		const entry = this.#nextEntry(session, update, receivedAt);
		const recorded = recordChanges({ seq: entry.seq, at: receivedAt, actorId: entry.actorId }, changes);
		this.#uncommitted.push({ seq: entry.seq, update, session, count });
		this.#deps.commits.append({ ...entry, changes: recorded, newWriters }, this);
		return false;
	}

	/** Yjs clients belong to the first user who wrote with them on this board; the ones that are new. */
	#newWriters(writers: readonly number[], userId: string): number[] {
		const ownerOf = (client: number) => this.#owners.get(client) ?? this.presence.userOf(client)?.userId;
		const foreign = writers.find((client) => (ownerOf(client) ?? userId) !== userId);
		if (foreign !== undefined)
			throw new Refusal('foreign-client-id', `client ${foreign} belongs to somebody else`);
		const fresh = writers.filter((client) => !this.#owners.has(client));
		if (fresh.length > this.#deps.limits.newClientsPerUpdate)
			throw new Refusal('too-large', `update brings ${fresh.length} new clients`);
		return fresh;
	}

	/** An update that the inspection let pass and that does not apply whole leaves a document nobody may see. */
	#applying<T>(apply: () => T): T {
		try {
			const result = apply();
			if (this.#doc.store.pendingStructs || this.#doc.store.pendingDs)
				throw new Error('an inspected update left something pending');
			return result;
		} catch (error) {
			this.#deps.commits.drop(this);
			this.failed(error);
			throw error;
		}
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

	/** Vouches for a message that brought nothing new, once everything taken in so far is committed. */
	ackWhenCommitted(session: Session, count: number): void {
		if (this.isSettled) this.#ack(session, count);
		else this.#afterCommit.add(this.#head.seq, () => this.#ack(session, count));
	}

	/** What a client that has `stateVector` lacks, sent once it is committed. @throws {Refusal} `malformed-update` */
	answerStep1(session: Session, stateVector: Uint8Array): void {
		const frame = this.#states.since(stateVector, this.#head.seq);
		if (this.isSettled) session.send(frame);
		else this.#afterCommit.answer(this.#head.seq, session, frame);
	}

	/** Asks a client for what it has and this board lacks. */
	askForMissing(session: Session): void {
		session.send(encodeSync(SYNC.step1, Y.encodeStateVector(this.#doc)));
	}

	#broadcast(frame: Uint8Array): void {
		for (const session of this.sessions) session.send(frame);
	}

	committed(entries: PendingEntry[], changes: RecordedChange[]): void {
		if (this.#isFailed) return;
		const seq = entries.at(-1)!.seq;
		this.#committedSeq = seq;
		const done = this.#uncommitted.filter((waiting) => waiting.seq <= seq);
		this.#uncommitted = this.#uncommitted.filter((waiting) => waiting.seq > seq);
		this.#broadcastUpdates(done);
		for (const [session, own] of Map.groupBy(done, (waiting) => waiting.session))
			this.#ack(session, own.at(-1)!.count);
		if (changes.length > 0) this.#broadcastChanges(changes);
		this.#afterCommit.run(seq);
		if (seq - this.#snapshotSeq >= this.#deps.limits.snapshotEntries) void this.takeSnapshot();
	}

	/** One frame a window for all but a lone writer; among several each also gets its own back, which costs less. */
	#broadcastUpdates(done: readonly Uncommitted[]): void {
		const updates = done.map((waiting) => waiting.update);
		const frame = encodeSync(SYNC.update, updates.length === 1 ? updates[0]! : Y.mergeUpdates(updates));
		const writers = new Set(done.map((waiting) => waiting.session));
		for (const session of this.sessions) {
			if (writers.size > 1 || !writers.has(session)) session.send(frame);
		}
	}

	#broadcastChanges(changes: RecordedChange[]): void {
		const frame = encodeJson(MESSAGE.changes, changes);
		for (const session of this.sessions) session.sendOwn(frame);
	}

	/** Vouches for a session's first `count` messages, unless one of them is still missing. */
	#ack(session: Session, count: number): void {
		if (session.isBehind || count < session.ackFrom) return;
		session.sendOwn(encodeAck({ count, seq: this.#committedSeq }));
	}

	failed(error: unknown): void {
		if (this.#isFailed) return;
		this.#isFailed = true;
		this.#afterCommit.clear();
		this.#uncommitted = [];
		this.#deps.log.error(
			{ err: error, board: this.boardId },
			'commit failed; the board is read again from its journal'
		);
		this.#onFailed();
		for (const session of this.sessions) session.close('try-again-later');
	}

	/** Stores the committed state; a failure costs time at the next start, nothing else. */
	async takeSnapshot(): Promise<void> {
		if (this.#isFailed || !this.isSettled || this.#head.seq === this.#snapshotSeq) return;
		const { seq, epoch } = this.#head;
		this.#snapshotSeq = seq;
		const state = Y.encodeStateAsUpdate(this.#doc);
		try {
			const at = new Date().toISOString();
			await this.#deps.journal.saveSnapshot(this.boardId, { seq, epoch, state, at });
		} catch (error) {
			this.#deps.log.warn({ err: error, board: this.boardId }, 'no snapshot');
		}
	}

	/** Frees the document. */
	destroy(): void {
		this.presence.close();
		this.#doc.destroy();
	}
}
