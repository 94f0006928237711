import * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { hasSameContent } from '#doc/fresh-copy.ts';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import { isBeginning } from '#server/journal/beginning.ts';
import type { Entry } from '#server/journal/entry.ts';
import { clashChanges, describeClashes } from './clashes.ts';
import { describeUpdate } from './derive-changes.ts';
import { FirstWriters } from './first-writers.ts';
import { recordChanges } from './recorded-change.ts';
import { continuesSitting, writtenAgain } from './sitting.ts';
import { continueSession, type WorkingSession } from './working-session.ts';

/** The newest notes row of each person on one project. */
type Writers = Map<string, RecordedChange>;

/** Derives a board's change rows from its journal alone, entry by entry. */
export class Replay {
	#doc = new Y.Doc();
	readonly #writers = new FirstWriters();
	readonly #rows: RecordedChange[] = [];
	readonly #notes = new Map<string, Writers>();
	readonly #isInLibrary: ((projectId: string) => boolean) | undefined;
	#session: WorkingSession | undefined;
	#seq = 0;

	/** @param isInLibrary as `recordChanges` takes it */
	constructor(isInLibrary?: (projectId: string) => boolean) {
		this.#isInLibrary = isInLibrary;
	}

	/** Number of the last entry taken in. */
	get seq(): number {
		return this.#seq;
	}

	/** The rows so far, in the order of the journal. */
	get rows(): readonly RecordedChange[] {
		return this.#rows;
	}

	/** Takes the next entry. @throws if one is missing before it, or if it does not apply */
	take(entry: Entry): void {
		if (entry.seq !== this.#seq + 1) throw new Error(`the journal misses entry ${this.#seq + 1}`);
		if (isBeginning(entry)) this.#beginAnew(entry);
		else this.#derive(entry);
		this.#seq = entry.seq;
	}

	/** Nothing changed with it, or it is none. */
	#beginAnew({ seq, update, actorId }: Entry): void {
		const fresh = new Y.Doc();
		Y.applyUpdate(fresh, update);
		if (!hasSameContent(this.#doc, fresh)) throw new Error(`entry ${seq} begins with another board`);
		this.#writers.keep([...fresh.store.clients.keys()], actorId);
		this.#doc.destroy();
		this.#doc = fresh;
	}

	#derive(entry: Entry): void {
		const { touched, writers, clashes } = inspectUpdate(this.#doc, entry.update);
		const changes = describeUpdate(this.#doc, touched, () => Y.applyUpdate(this.#doc, entry.update));
		this.#writers.keep(this.#writers.freshAmong(writers), entry.actorId);
		const stamp = { seq: entry.seq, at: entry.receivedAt, actorId: entry.actorId };
		const told = describeClashes(this.#doc, clashes, { ...stamp, owners: this.#writers });
		const all = [...changes, ...clashChanges(this.#doc, told, changes)];
		const rows = recordChanges({ ...stamp, sessionId: entry.sessionId }, all, this.#isInLibrary);
		for (const change of rows) this.#add(change);
		const { session, rows: ofSession } = continueSession(this.#session, { ...stamp, rows: rows.length });
		this.#session = session;
		this.#rows.push(...ofSession);
	}

	#add(change: RecordedChange): void {
		if (change.kind === 'notes-edited' && this.#gather(change)) return;
		this.#rows.push(change);
	}

	/** True if the change went into a row that is there. */
	#gather(change: RecordedChange): boolean {
		const projectId = change.projectId ?? '';
		const writers: Writers = this.#notes.get(projectId) ?? new Map();
		this.#notes.set(projectId, writers);
		const own = writers.get(change.actorId);
		const othersAt = [...writers.values()]
			.filter((row) => row.actorId !== change.actorId)
			.map(({ at }) => at)
			.toSorted()
			.at(-1);
		if (!own || !continuesSitting(change.at, own.at, othersAt)) {
			writers.set(change.actorId, change);
			return false;
		}
		own.after = change.after;
		own.at = writtenAgain(own.at, change.at);
		return true;
	}
}
