import * as Y from 'yjs';
import type { Change } from '#domain/change.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Inspection, inspectInSteps } from '#doc/inspection/inspect.ts';
import type { Steps } from '#doc/steps.ts';
import type { Clash } from '#protocol/message.ts';
import { clashChanges, describeClashes } from '#server/history/clashes.ts';
import { describeInSteps } from '#server/history/derive-changes.ts';
import { recordChanges } from '#server/history/recorded-change.ts';
import { type Entry, entryAfter, type PendingEntry } from '#server/journal/entry.ts';
import type { CommitListener, GroupCommit } from '#server/journal/group-commit.ts';
import type { Head } from '#server/journal/journal.ts';
import { applyInParts } from './apply-in-parts.ts';
import { authorise } from './authorise.ts';
import type { ClientOwners } from './client-owners.ts';
import type { Session } from './session.ts';
import type { UpdateParts } from './splice-updates.ts';

/** Updates of so few structs and deletions are applied at once. */
const PIECES_AT_ONCE = 64;

/** Somebody who edits, and as what. */
export type Author = Pick<Session, 'actor' | 'role'>;

/** An edit as it comes to a board. */
export interface Edit {
	author: Author;
	update: Uint8Array;
	/** What happens in the transaction of its entry or not at all, such as the record of the act. */
	alongside?: PendingEntry['alongside'];
}

/** The connection that brought an edit, and which update-carrying message of it that was. */
export interface Message {
	session: Session;
	count: number;
}

/** An update whose entry is not committed yet, and who waits to be told; no message brought a service's. */
export interface Uncommitted {
	seq: number;
	update: Uint8Array;
	parts: UpdateParts;
	message: Message | undefined;
	clashes: Clash[];
}

/** What taking in needs of a board. */
export interface IntakeBoard {
	boardId: string;
	/** The document with everything taken in. */
	document(): Steps<Y.Doc>;
	/** End of the journal with what is on its way. */
	head: Head;
	owners: ClientOwners;
	isArchived(): boolean;
	/** Whether the library has a project of this id. */
	isInLibrary(projectId: string): boolean;
	/** The person who speaks for a Yjs client in awareness. */
	speakerOf(client: number): string | undefined;
	/** Hears what is committed. */
	listener: CommitListener;
	/** The document is not to be used any more. */
	abandon(error: unknown): void;
}

/**
 * Takes the updates of one board in: inspected, authorised, applied for the next inspection, described, chained, and
 * on their way into the journal.
 */
export class Intake {
	readonly #board: IntakeBoard;
	readonly #commits: GroupCommit;
	#uncommitted: Uncommitted[] = [];
	/** The document holds a part of an update, which nobody must see. */
	#isHalfway = false;

	constructor(board: IntakeBoard, commits: GroupCommit) {
		this.#board = board;
		this.#commits = commits;
	}

	get isHalfway(): boolean {
		return this.#isHalfway;
	}

	/**
	 * Nothing else may come to the document until the last step.
	 * @returns false if nothing in it was new
	 * @throws {Refusal} with the whole update left out
	 */
	*take({ author, update, alongside }: Edit, message?: Message): Steps<boolean> {
		if (isNothing(update)) return false;
		if (this.#commits.isFull) throw new Refusal('storage-failed', 'the journal does not keep up');
		const { owners, listener } = this.#board;
		const doc = yield* this.#board.document();
		const inspection = yield* inspectInSteps(doc, update, (decoded) => owners.assertOfThisEpoch(decoded));
		if (inspection.isKnown) return false;
		if (message?.session.isClosing) throw new Refusal('storage-failed', 'the connection was ended meanwhile');
		authorise(author.role, inspection.touched, { isArchived: this.#board.isArchived() });
		const { userId } = author.actor;
		const newWriters = owners.newAmong(inspection.writers, userId, this.#board.speakerOf);
		const changes = yield* this.#apply(doc, update, inspection);
		owners.keep(newWriters, userId);
		const entry = this.#nextEntry(author, update);
		const { seq, receivedAt: at, actorId, sessionId } = entry;
		const clashes = describeClashes(doc, inspection.clashes, { seq, at, actorId, owners });
		const { blocks, deleted } = inspection.decoded;
		this.#uncommitted.push({ seq, update, parts: { blocks, deleted }, message, clashes });
		const all = [...changes, ...clashChanges(doc, clashes, changes)];
		const recorded = recordChanges({ seq, at, actorId, sessionId }, all, this.#board.isInLibrary);
		const pending = { ...entry, changes: recorded, newWriters, ...(alongside && { alongside }) };
		this.#commits.append(pending, listener);
		return true;
	}

	/** An update that the inspection let pass and that does not apply whole leaves a document nobody may see. */
	*#apply(doc: Y.Doc, update: Uint8Array, { touched, decoded, pieces }: Inspection): Steps<Change[]> {
		const apply = () => (pieces > PIECES_AT_ONCE ? applyInParts(doc, decoded) : Y.applyUpdate(doc, update));
		this.#isHalfway = true;
		try {
			const changes = yield* describeInSteps(doc, touched, apply);
			this.#isHalfway = false;
			if (doc.store.pendingStructs || doc.store.pendingDs)
				throw new Error('an inspected update left something pending');
			return changes;
		} catch (error) {
			this.#board.abandon(error);
			throw error;
		}
	}

	#nextEntry({ actor }: Author, update: Uint8Array): Entry {
		const { boardId, head } = this.#board;
		const entry = entryAfter(head, {
			boardId,
			epoch: head.epoch,
			actorId: actor.userId,
			sessionId: actor.sessionId,
			receivedAt: new Date().toISOString(),
			update
		});
		Object.assign(head, { seq: entry.seq, hash: entry.hash, at: entry.receivedAt });
		return entry;
	}

	/** What is committed by now, up to a seq: it is told once. */
	takeCommitted(seq: number): Uncommitted[] {
		const done = this.#uncommitted.filter((waiting) => waiting.seq <= seq);
		this.#uncommitted = this.#uncommitted.filter((waiting) => waiting.seq > seq);
		return done;
	}

	/** Nothing of it will be committed. */
	clear(): void {
		this.#uncommitted = [];
	}
}

/** What everybody sends who has nothing to tell: an update without structs and deletions. */
function isNothing(update: Uint8Array): boolean {
	return update.byteLength === 2 && update[0] === 0 && update[1] === 0;
}
