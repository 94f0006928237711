import { setImmediate as othersTurn } from 'node:timers/promises';
import type { RecordedChange } from '#domain/change.ts';
import { Refusal } from '#domain/refusal.ts';
import { type StageNames, stageNamesFrom } from '#domain/stage-names.ts';
import { bucketsOf, partTime, type Timeline, unitBetween } from '#domain/timeline.ts';
import type { RichTextNode } from '#doc/read-rich-text.ts';
import type { BoardAt } from '#server/boards/board-reader.ts';
import type { Connection } from '#server/database/connect.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { OrganisationService } from '#server/organisations/organisation.service.ts';
import type { PeopleService } from '#server/people/people.service.ts';
import { listActors, listNewest, listStageChanges } from './change-facts.repository.ts';
import { listChanges } from './change-list.repository.ts';
import type { ChangeQuery } from './change-query.ts';
import { deleteCheckpoints } from './checkpoint.repository.ts';
import { replaceChanges } from './change.repository.ts';
import { entriesBetween } from './entries-between.ts';
import { encodeCursor, type HistoryParameters, parseHistoryQuery } from './history-query.ts';
import type { BoardsInTime } from './boards-in-time.ts';
import { Replay } from './replay.ts';
import { endQuietSession, isEndTold } from './session.repository.ts';
import { actorOf, type ToldActor } from './told-actor.ts';

export type { HistoryParameters } from './history-query.ts';

/** Rows read at a time where all are asked for. */
const EXPORT_PAGE = 500;

/** A change with the person who made it. */
export type ToldChange = RecordedChange & { actor: ToldActor };

/** A page of changes, newest first. */
export interface HistoryPage {
	changes: ToldChange[];
	/** `after` of the next page; null = this is the last. */
	next: string | null;
}

/** What was changed on boards, by whom and when: everything here is derived from the journal. */
export class HistoryService {
	readonly #db: Connection['db'];
	readonly #journal: Journal;
	readonly #boards: BoardsInTime;
	readonly #people: Pick<PeopleService, 'profiles'>;
	readonly #organisations: Pick<OrganisationService, 'list'>;
	readonly #isInLibrary: (projectId: string) => boolean;
	constructor(parts: {
		db: Connection['db'];
		journal: Journal;
		boards: BoardsInTime;
		people: Pick<PeopleService, 'profiles'>;
		organisations: Pick<OrganisationService, 'list'>;
		isInLibrary: (projectId: string) => boolean;
	}) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#boards = parts.boards;
		this.#people = parts.people;
		this.#organisations = parts.organisations;
		this.#isInLibrary = parts.isInLibrary;
	}

	/** Changes of a board by the parameters of a request. @throws {Refusal} `bad-request` naming the parameter */
	async list(boardId: string, parameters: HistoryParameters = {}): Promise<HistoryPage> {
		const { people, orgs, ...query } = parseHistoryQuery(parameters);
		const actors = await this.#actorsMeant(people, orgs);
		// one row more than is shown tells whether there is a next page
		const entries = await this.#entriesMeant(boardId, query);
		const rows = await listChanges(this.#db, boardId, { ...query, actors, entries, limit: query.limit + 1 });
		const shown = rows.slice(0, query.limit);
		const last = rows.length > query.limit ? shown.at(-1) : undefined;
		const next = last && encodeCursor(query.order, { ...last, dated: last.documentDate ?? last.at });
		return { changes: await this.#told(shown), next: next ?? null };
	}

	/**
	 * All changes a request asks for, a page at a time as they are wanted; between two of them others have their turn.
	 * @throws {Refusal} `bad-request` naming the parameter, before the first page
	 */
	async pages(boardId: string, parameters: HistoryParameters): Promise<AsyncGenerator<ToldChange[]>> {
		const { people, orgs, ...query } = parseHistoryQuery({ ...parameters, after: '', limit: '' });
		const actors = await this.#actorsMeant(people, orgs);
		const entries = await this.#entriesMeant(boardId, query);
		return this.#pagesOf(boardId, { ...query, actors, entries, limit: EXPORT_PAGE });
	}

	async *#pagesOf(boardId: string, query: ChangeQuery): AsyncGenerator<ToldChange[]> {
		for (let after: ChangeQuery['after']; ; await othersTurn()) {
			const rows = await listChanges(this.#db, boardId, { ...query, after });
			const last = rows.at(-1);
			if (last) yield await this.#told(rows);
			if (!last || rows.length < query.limit) return;
			after = { ...last, dated: last.documentDate ?? last.at };
		}
	}

	async #told(changes: readonly RecordedChange[]): Promise<ToldChange[]> {
		const profiles = await this.#people.profiles(new Set(changes.map(({ actorId }) => actorId)));
		return changes.map((change) => ({ ...change, actor: actorOf(change.actorId, profiles) }));
	}

	#entriesMeant(boardId: string, query: Pick<ChangeQuery, 'order' | 'since' | 'until'>) {
		if (query.order === 'dated') return undefined;
		return entriesBetween({ db: this.#db, journal: this.#journal }, boardId, query);
	}

	/** Ids of the people a request asks for; undefined = of everybody. */
	async #actorsMeant(
		people: readonly string[] | undefined,
		orgs: readonly string[] | undefined
	): Promise<readonly string[] | undefined> {
		if (orgs === undefined) return people;
		const known = new Set((await this.#organisations.list()).map(({ id }) => id));
		const unknown = orgs.find((org) => !known.has(org));
		if (unknown !== undefined)
			throw new Refusal('bad-request', `"org": there is no organisation ${unknown}`, { path: ['org'] });
		const profiles = await this.#people.profiles(people && new Set(people));
		return [...profiles.values()].filter(({ orgId }) => orgs.includes(orgId ?? '')).map(({ id }) => id);
	}

	/** Who last moved each project to another stage by hand, and when; by an entry, or up to now. */
	async lastMoves(
		boardId: string,
		upToSeq?: number
	): Promise<{ projectId: string; at: string; actorId: string }[]> {
		const moves = await listNewest(this.#db, boardId, { kind: 'project-moved', upToSeq });
		return moves.map(({ projectId, at, actorId }) => ({ projectId: projectId ?? '', at, actorId }));
	}

	/** The last removal of every project that was ever removed, also of those that came back. */
	lastRemovals(boardId: string): Promise<RecordedChange[]> {
		return listNewest(this.#db, boardId, { kind: 'project-removed' });
	}

	/**
	 * A board as it was: after an entry, or at a time.
	 * @param at number of the entry, or an ISO 8601 time with its zone
	 * @throws {Refusal} `bad-request` if it is neither or yet to come, `not-found` if the board was not there yet
	 */
	boardAt(boardId: string, at: string): Promise<BoardAt> {
		return this.#boards.read(boardId, at);
	}

	/**
	 * A project's notes as they were.
	 * @param at as of `boardAt`
	 * @throws {Refusal} as `boardAt`; `not-found` also for a project that was not on the board then
	 */
	notesAt(boardId: string, projectId: string, at: string): Promise<RichTextNode[]> {
		return this.#boards.notes(boardId, projectId, at);
	}

	/** When a board was changed how much, from its first entry to now. @throws {Refusal} `not-found` */
	async timeline(boardId: string): Promise<Timeline> {
		const { seq } = await this.#journal.head(boardId);
		const to = new Date().toISOString();
		const from = (await this.#journal.timeOf(boardId, 1)) ?? to;
		const unit = unitBetween(from, to);
		const moments = partTime(from, to, unit);
		const seqs = await this.#journal.seqsAt(boardId, { moments: moments.slice(1, -1), head: seq });
		return { from, to, seq, unit, buckets: bucketsOf(moments, [...seqs, seq]) };
	}

	/** Ids of everybody who ever changed a board, the program itself among them. */
	actors(boardId: string): Promise<string[]> {
		return listActors(this.#db, boardId);
	}

	/** What the stages a board ever had are called, or were when they were removed; by id. */
	async stageNames(boardId: string): Promise<StageNames> {
		return stageNamesFrom(await listStageChanges(this.#db, boardId));
	}

	/**
	 * Drops a board's change rows and derives them again from its journal, all or nothing.
	 * @throws {Refusal} `not-found`; an error if the journal misses an entry
	 */
	async rebuild(boardId: string): Promise<void> {
		await this.#journal.head(boardId);
		const isEnded = await isEndTold(this.#db, boardId);
		const replay = new Replay(this.#isInLibrary);
		for await (const entry of this.#journal.entries(boardId)) replay.take(entry);
		await replaceChanges(this.#db, boardId, replay);
		// that nobody went on with the last session is in no entry
		if (isEnded) await endQuietSession(this.#db, boardId);
		await deleteCheckpoints(this.#db, boardId); // they were made from the rows of before
	}
}
