import * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { Refusal } from '#domain/refusal.ts';
import { inspectInSteps } from '#doc/inspection/inspect.ts';
import type { Steps } from '#doc/steps.ts';
import type { CloseReason } from '#protocol/close-code.ts';
import { type Clash, encodeAck } from '#protocol/message.ts';
import { clashChanges, describeClashes } from '#server/history/clashes.ts';
import { describeInSteps } from '#server/history/derive-changes.ts';
import { recordChanges } from '#server/history/recorded-change.ts';
import { type Entry, entryAfter, type PendingEntry } from '#server/journal/entry.ts';
import type { CommitListener } from '#server/journal/group-commit.ts';
import type { BoardStatus, Head } from '#server/journal/journal.ts';
import type { StoredBoard } from '#server/journal/stored-board.ts';
import { AfterCommit } from './after-commit.ts';
import { applyInParts } from './apply-in-parts.ts';
import { BoardContent } from './board-content.ts';
import { Audience } from './audience.ts';
import { authorise } from './authorise.ts';
import { ClientOwners } from './client-owners.ts';
import type { SyncDeps } from './deps.ts';
import { Greeter } from './greeter.ts';
import { Lane } from './lane.ts';
import { PresenceRegistry } from './presence-registry.ts';
import type { Session } from './session.ts';
import { SnapshotKeeper } from './snapshot-keeper.ts';
import type { UpdateParts } from './splice-updates.ts';

/** Updates of so few structs and deletions are applied at once. */
const PIECES_AT_ONCE = 64;

/** An update whose entry is not committed yet, and who waits to be told; nobody's connection brought a service's. */
interface Uncommitted {
	seq: number;
	update: Uint8Array;
	parts: UpdateParts;
	session: Session | null;
	count: number;
	clashes: Clash[];
}

/** Somebody who edits, and as what. */
export type Author = Pick<Session, 'actor' | 'role'>;

/** An edit that a service made for somebody. */
export interface ServiceEdit {
	author: Author;
	update: Uint8Array;
	/** What happens in the transaction of its entry or not at all, such as the record of the act. */
	alongside?: PendingEntry['alongside'];
}

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
	readonly #owners: ClientOwners;
	/** End of the journal with what is on its way. */
	readonly #head: Head;
	readonly #afterCommit = new AfterCommit();
	readonly #onFailed: () => void;
	#uncommitted: Uncommitted[] = [];
	#isArchived: boolean;
	#isFailed = false;
	/** The document holds a part of an update, which nobody must see. */
	#isHalfway = false;

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
	/** Size of the state as it was last stored. */
	get packedBytes(): number {
		return this.#content.base.state?.deflated.byteLength ?? 0;
	}
	/** The document may hold what the journal does not: it must not be used any more. */
	get isFailed(): boolean {
		return this.#isFailed;
	}
	/** Everything taken in is committed. */
	get isSettled(): boolean {
		return this.#head.seq === this.committedSeq && !this.#isHalfway;
	}
	/** The document with everything taken in. */
	get #doc(): Y.Doc {
		try {
			return this.#content.doc;
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
		return !(yield* this.#take(session, update, { session, count }));
	}

	/**
	 * Takes in an edit that a service made for somebody, by the same rules as one from a connection.
	 * @throws {Refusal} with the whole edit left out
	 */
	*edit({ author, update, alongside }: ServiceEdit): Steps<void> {
		yield* this.#take(author, update, { session: null, count: 0 }, alongside);
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

	/** @returns false if nothing in it was new */
	*#take(
		author: Author,
		update: Uint8Array,
		from: Pick<Uncommitted, 'session' | 'count'>,
		alongside?: PendingEntry['alongside']
	): Steps<boolean> {
		if (isNothing(update)) return false;
		if (this.#deps.commits.isFull) throw new Refusal('storage-failed', 'the journal does not keep up');
		const { userId } = author.actor;
		const inspection = yield* inspectInSteps(this.#doc, update, (decoded) =>
			this.#owners.assertOfThisEpoch(decoded)
		);
		const { touched, writers, isKnown, clashes, decoded, pieces } = inspection;
		if (isKnown) return false;
		if (from.session?.isClosing) throw new Refusal('storage-failed', 'the connection was ended meanwhile');
		authorise(author.role, touched, { isArchived: this.#isArchived });
		const speakerOf = (client: number) => this.presence.userOf(client)?.userId;
		const newWriters = this.#owners.newAmong(writers, userId, speakerOf);
		const apply = () =>
			pieces > PIECES_AT_ONCE ? applyInParts(this.#doc, decoded) : Y.applyUpdate(this.#doc, update);
		const changes = yield* this.#applying(describeInSteps(this.#doc, touched, apply));
		this.#owners.keep(newWriters, userId);
		const entry = this.#nextEntry(author, update);
		const { seq, receivedAt: at, actorId } = entry;
		const told = describeClashes(this.#doc, clashes, { seq, at, actorId, owners: this.#owners });
		const { blocks, deleted } = decoded;
		this.#uncommitted.push({ seq, update, parts: { blocks, deleted }, ...from, clashes: told });
		const all = [...changes, ...clashChanges(this.#doc, told, changes)];
		const recorded = recordChanges({ seq, at, actorId }, all);
		const pending = { ...entry, changes: recorded, newWriters, ...(alongside && { alongside }) };
		this.#deps.commits.append(pending, this);
		return true;
	}

	/** An update that the inspection let pass and that does not apply whole leaves a document nobody may see. */
	*#applying<T>(steps: Steps<T>): Steps<T> {
		this.#isHalfway = true;
		try {
			const result = yield* steps;
			this.#isHalfway = false;
			if (this.#doc.store.pendingStructs || this.#doc.store.pendingDs)
				throw new Error('an inspected update left something pending');
			return result;
		} catch (error) {
			this.#abandon(error);
			throw error;
		}
	}

	#nextEntry({ actor }: Author, update: Uint8Array): Entry {
		const entry = entryAfter(this.#head, {
			boardId: this.boardId,
			epoch: this.#head.epoch,
			actorId: actor.userId,
			sessionId: actor.sessionId,
			receivedAt: new Date().toISOString(),
			update
		});
		Object.assign(this.#head, { seq: entry.seq, hash: entry.hash, at: entry.receivedAt });
		return entry;
	}

	/**
	 * Sends a client what it lacks, once everything taken in so far is committed.
	 * @throws {Refusal} `old-epoch` if its document is of another epoch; as `Greeter.answerStep1`
	 */
	answerStep1(session: Session, stateVector: Uint8Array): void {
		this.#owners.assertVectorOfThisEpoch(stateVector);
		this.greeter.answerStep1(session, stateVector);
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
		const done = this.#uncommitted.filter((waiting) => waiting.seq <= seq);
		this.#uncommitted = this.#uncommitted.filter((waiting) => waiting.seq > seq);
		this.#audience.atOnce(() => {
			this.#audience.tellUpdates(done);
			for (const [session, own] of Map.groupBy(done, (waiting) => waiting.session))
				if (session) this.#ack(session, own.at(-1)!.count);
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
		this.#uncommitted = [];
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

/** What everybody sends who has nothing to tell: an update without structs and deletions. */
function isNothing(update: Uint8Array): boolean {
	return update.byteLength === 2 && update[0] === 0 && update[1] === 0;
}

/** What those who were here are told; all but these come back and find the board as it is. */
function reasonOf(error: unknown): CloseReason {
	if (!(error instanceof Refusal)) return 'try-again-later';
	if (error.code === 'old-epoch') return 'old-epoch';
	return error.code === 'not-found' ? 'no-such-board' : 'try-again-later';
}
