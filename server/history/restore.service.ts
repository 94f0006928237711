import type * as Y from 'yjs';
import type { Stage } from '#domain/board.ts';
import { type BoardComparison, compareBoards, isSameBoard } from '#domain/compare-boards.ts';
import { Refusal } from '#domain/refusal.ts';
import { actionToRestore, type RestoreTarget } from '#domain/restore-target.ts';
import type { Role } from '#domain/roles.ts';
import { BoardMirror } from '#doc/board-mirror.ts';
import { readStages } from '#doc/read-board.ts';
import { restore, standingStage } from '#doc/restore.ts';
import { projectsOf, stagesOf } from '#doc/schema.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { PendingEntry } from '#server/journal/entry.ts';
import type { Journal } from '#server/journal/journal.ts';
import { notesOf } from './notes-of.ts';
import { portionsOf } from './portions.ts';
import { parseRestoreRequest, type RestoreRequest } from './restore-request.ts';
import { seqOfMoment } from './seq-of-moment.ts';

/** Edits that a service made for somebody, against a board at an epoch. */
export interface EditsForSomebody {
	author: { actor: Actor; role: Role };
	epoch: number;
	updates: readonly Uint8Array[];
	/** What happens in the transaction of the first edit or not at all. */
	alongside: NonNullable<PendingEntry['alongside']>;
}

/** Who takes edits in: by the same rules, and in front of everybody on the board, as if they came from a connection. */
export interface EditTaker {
	/** @returns the number of the last one's entry, once all are committed @throws {Refusal} what they are refused for */
	handIn(boardId: string, edits: EditsForSomebody): Promise<number>;
}

/** Somebody who asks, and what the audit calls them. */
interface Asking {
	actor: Actor;
	who: Who;
}

/** Number of the entry that restored something, and of the one before it, to which it can be put back. */
export interface Restored {
	seq: number;
	before: number;
}

/** What restoring would change. */
export interface RestorePreview {
	/** Number of the entry after which it was so. */
	seq: number;
	comparison: BoardComparison;
	/** The stage a project stood in then, where that has gone, and the id of the one it comes into. */
	lostStage: { stage: Stage; instead: string } | null;
}

interface Copies {
	now: Y.Doc;
	past: Y.Doc;
	seq: number;
	epoch: number;
}

/** Makes parts of boards what they were: always a new edit, by the person who asks for it. */
export class RestoreService {
	readonly #journal: Journal;
	readonly #auth: Pick<AuthService, 'demand'>;
	readonly #audit: AuditService;
	readonly #edits: EditTaker;
	#tail: Promise<unknown> = Promise.resolve();
	constructor(parts: {
		journal: Journal;
		auth: Pick<AuthService, 'demand'>;
		audit: AuditService;
		edits: EditTaker;
	}) {
		this.#journal = parts.journal;
		this.#auth = parts.auth;
		this.#audit = parts.audit;
		this.#edits = parts.edits;
	}

	/**
	 * Makes what a request names what it was.
	 * @param given `at` and perhaps `projectId`, `field`, `member`, `stageId`, as they came
	 * @returns number of the entry that did it, the last one where a large board takes several, and of the one before
	 * @throws {Refusal} `bad-request`, `not-found` if it was not there then, `forbidden`, `conflict` if there is nothing
	 * to restore, and whatever the edit is refused for
	 */
	async restore(boardId: string, given: Record<string, unknown>, { actor, who }: Asking): Promise<Restored> {
		await this.#auth.demand(who, boardId, 'history:read');
		const request = parseRestoreRequest(given);
		const role = await this.#auth.demand(who, boardId, actionToRestore(request.target));
		const { seq, ...made } = await this.#prepare(boardId, request);
		const act = { who, action: 'restore' as const, object: objectOf(boardId, request.target, seq) };
		const alongside = (trx: DatabaseHandle) => this.#audit.record(act, trx);
		try {
			const last = await this.#edits.handIn(boardId, { author: { actor, role }, ...made, alongside });
			// they are taken in one after the other with nothing between them
			return { seq: last, before: last - made.updates.length };
		} catch (error) {
			if (error instanceof Refusal) await this.#audit.record({ ...act, result: error.code });
			throw error;
		}
	}

	/**
	 * What restoring would change, without doing it.
	 * @throws {Refusal} as `restore`, but for what the edit itself is refused for
	 */
	async preview(
		boardId: string,
		given: Record<string, unknown>,
		{ who }: Pick<Asking, 'who'>
	): Promise<RestorePreview> {
		await this.#auth.demand(who, boardId, 'history:read');
		const { target, at } = parseRestoreRequest(given);
		return this.#onCopies(boardId, { target, at }, ({ now, past, seq }) => {
			const mirror = new BoardMirror(now, () => undefined);
			const picture = () => ({ ...mirror.board, notes: notesOf(now, mirror.board) });
			const before = picture();
			const lostStage = findLostStage(now, past, target);
			restore(now, past, target);
			const comparison = compareBoards(before, picture());
			mirror.destroy();
			if (isSameBoard(comparison)) throw nothingToRestore();
			return { seq, comparison, lostStage };
		});
	}

	/** What the edit is, made against the board as it is committed. */
	#prepare(boardId: string, request: RestoreRequest) {
		return this.#onCopies(boardId, request, ({ now, past, seq, epoch }) => {
			const updates: Uint8Array[] = [];
			now.on('update', (update: Uint8Array) => updates.push(update));
			restore(now, past, request.target);
			if (updates.length === 0) throw nothingToRestore();
			return { updates: portionsOf(updates), epoch, seq };
		});
	}

	/** Works on copies of the board as it is committed, and as it was. */
	#onCopies<T>(boardId: string, { at, target }: RestoreRequest, work: (copies: Copies) => T): Promise<T> {
		return this.#inTurn(async () => {
			const seq = await seqOfMoment(this.#journal, boardId, { moment: at, parameter: 'at' });
			const past = await this.#journal.load(boardId, seq);
			const now = await this.#journal.load(boardId);
			try {
				assertThere(now.doc, past.doc, target);
				return work({ now: now.doc, past: past.doc, seq, epoch: now.head.epoch });
			} finally {
				past.doc.destroy();
				now.doc.destroy();
			}
		});
	}

	/** One at a time: each holds a whole board twice. */
	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.#tail.then(work);
		this.#tail = turn.catch(() => {});
		return turn;
	}
}

const nothingToRestore = () => new Refusal('conflict', 'nothing to restore: it is as it was');

/** The stage a project stood in then, if it would have to stand in another one now. */
function findLostStage(now: Y.Doc, past: Y.Doc, target: RestoreTarget): RestorePreview['lostStage'] {
	if (target.kind !== 'project' && !(target.kind === 'field' && target.field === 'place')) return null;
	const place = projectsOf(past).get(target.projectId)?.get('place') as { stage: string } | undefined;
	if (!place || stagesOf(now).has(place.stage)) return null;
	const stage = readStages(past).find(({ id }) => id === place.stage);
	return stage ? { stage, instead: standingStage(now, past, place.stage) } : null;
}

/** @throws {Refusal} `not-found` for what was not there then, `conflict` for a field of a project that has gone */
function assertThere(now: Y.Doc, past: Y.Doc, target: RestoreTarget): void {
	if (target.kind === 'stage' && !stagesOf(past).has(target.stageId))
		throw new Refusal('not-found', `there was no stage ${target.stageId} then`, { path: ['stageId'] });
	if (target.kind !== 'project' && target.kind !== 'field') return;
	const { projectId } = target;
	if (!projectsOf(past).has(projectId))
		throw new Refusal('not-found', `project ${projectId} was not on the board then`, { path: ['projectId'] });
	if (target.kind === 'field' && !projectsOf(now).has(projectId))
		throw new Refusal('conflict', `project ${projectId} has gone: restore it whole`, { path: ['projectId'] });
}

/** What the audit keeps of it: ids and numbers. */
function objectOf(board: string, target: RestoreTarget, seq: number): Record<string, string | null> {
	const to = String(seq);
	switch (target.kind) {
		case 'board':
			return { board, to };
		case 'title':
			return { board, to, field: 'title' };
		case 'stage':
			return { board, to, stage: target.stageId };
		case 'project':
			return { board, to, project: target.projectId };
		case 'field':
			return { board, to, project: target.projectId, field: target.field, member: target.member };
		default:
			return target satisfies never;
	}
}
