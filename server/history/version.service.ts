import { randomUUID } from 'node:crypto';
import { NAME, TEXT } from '#doc/checks.ts';
import type { ActKind } from '#domain/change.ts';
import { VERSIONS_MAX } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import { can } from '#domain/roles.ts';
import type { AuditAction, AuditService } from '#server/audit/audit.service.ts';
import type { Authority } from '#server/boards/board.service.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { PeopleService } from '#server/people/people.service.ts';
import type { Act, ActService } from './act.service.ts';
import { actorOf, type ToldActor } from './told-actor.ts';
import { seqOfMoment } from './seq-of-moment.ts';
import {
	countVersions,
	type DatedVersion,
	deleteVersion,
	findVersion,
	findVersionNamed,
	insertVersion,
	listVersions,
	updateVersion,
	type VersionRecord
} from './version.repository.ts';

/** A named moment of a board, with who named it as they are called now. */
export type NamedVersion = Omit<DatedVersion, 'boardId' | 'createdBy'> & { author: ToldActor };

type Words = Pick<VersionRecord, 'name' | 'note'>;

/** Moments of boards that people gave a name: they point into the journal and are no part of it. */
export class VersionService {
	readonly #db: DatabaseHandle;
	readonly #journal: Journal;
	readonly #people: Pick<PeopleService, 'profiles'>;
	readonly #audit: AuditService;
	readonly #acts: Pick<ActService, 'keep'>;
	constructor(parts: {
		db: DatabaseHandle;
		journal: Journal;
		people: Pick<PeopleService, 'profiles'>;
		audit: AuditService;
		acts: Pick<ActService, 'keep'>;
	}) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#people = parts.people;
		this.#audit = parts.audit;
		this.#acts = parts.acts;
	}

	/** The named moments of a board, the newest moment first. */
	async list(boardId: string): Promise<NamedVersion[]> {
		const versions = await listVersions(this.#db, boardId);
		const profiles = await this.#people.profiles(new Set(versions.map(({ createdBy }) => createdBy)));
		return versions.map((version) => toldVersion(version, actorOf(version.createdBy, profiles)));
	}

	/**
	 * Names a moment.
	 * @param given `name`, perhaps `note`, and `at`: the number of an entry or an ISO 8601 time with its zone, absent = now
	 * @throws {Refusal} `bad-request`, `not-found` if the board was not there then, `conflict` if the name is taken
	 */
	async add(boardId: string, given: Record<string, unknown>, { who }: Authority): Promise<NamedVersion> {
		const words = wordsOf(given, { name: '', note: '' });
		const version: VersionRecord = {
			...words,
			id: `v-${randomUUID()}`,
			boardId,
			seq: await this.#seqOf(boardId, given.at),
			createdAt: new Date().toISOString(),
			createdBy: who.userId ?? ''
		};
		await this.#acts.keep(boardId, async (trx) => {
			if (!(await insertVersion(trx, version))) throw taken(words.name);
			// counted afterwards, so that two who come at once are both counted
			if ((await countVersions(trx, boardId)) > VERSIONS_MAX)
				throw new Refusal('conflict', `a board has at most ${VERSIONS_MAX} named versions`);
			await this.#record('version-name', version, { who, within: trx });
			return [actOf('version-named', who, { after: version })];
		});
		return this.#told(boardId, version.id);
	}

	#seqOf(boardId: string, at: unknown): Promise<number> {
		if (at === undefined || at === null) return this.#journal.head(boardId).then(({ seq }) => seq);
		const moment = typeof at === 'number' || typeof at === 'string' ? String(at) : '';
		return seqOfMoment(this.#journal, boardId, { moment, parameter: 'at' });
	}

	/** Changes the name or the note. @throws {Refusal} `bad-request`, `not-found`, `forbidden`, `conflict` */
	async change(
		boardId: string,
		id: string,
		{ given, by }: { given: Record<string, unknown>; by: Authority }
	): Promise<NamedVersion> {
		await this.#acts.keep(boardId, async (trx) => {
			const version = await this.#getOwn(boardId, id, { by, within: trx });
			const words = wordsOf(given, version);
			const namesake = await findVersionNamed(trx, boardId, words.name);
			if (namesake && namesake.id !== id) throw taken(words.name);
			await updateVersion(trx, { id, ...words });
			await this.#record('version-change', version, { who: by.who, within: trx });
			const isSame = words.name === version.name && words.note === version.note;
			const after = { ...version, ...words };
			return isSame ? [] : [actOf('version-changed', by.who, { before: version, after })];
		});
		return this.#told(boardId, id);
	}

	/** Takes a name off its moment; the moment itself stays in the journal. @throws {Refusal} `not-found`, `forbidden` */
	async remove(boardId: string, id: string, by: Authority): Promise<void> {
		await this.#acts.keep(boardId, async (trx) => {
			const version = await this.#getOwn(boardId, id, { by, within: trx });
			await deleteVersion(trx, id);
			await this.#record('version-remove', version, { who: by.who, within: trx });
			return [actOf('version-removed', by.who, { before: version })];
		});
	}

	/** A version that somebody may change. @throws {Refusal} `not-found`, `forbidden` */
	async #getOwn(
		boardId: string,
		id: string,
		{ by, within }: { by: Authority; within: DatabaseHandle }
	): Promise<VersionRecord> {
		const version = await findVersion(within, boardId, id);
		if (!version) throw new Refusal('not-found', `there is no version ${id}`);
		if (version.createdBy === by.who.userId || can(by.role, 'versions:manage')) return version;
		throw new Refusal('forbidden', 'only who named it, a coordinator or an owner changes a version');
	}

	async #told(boardId: string, id: string): Promise<NamedVersion> {
		const version = (await this.list(boardId)).find((one) => one.id === id);
		if (!version) throw new Refusal('not-found', `there is no version ${id} any more`);
		return version;
	}

	#record(
		action: AuditAction,
		{ id, boardId, seq }: VersionRecord,
		{ who, within }: { who: Authority['who']; within: DatabaseHandle }
	): Promise<void> {
		const object = { board: boardId, version: id, seq: String(seq) };
		return this.#audit.record({ who, action, object }, within);
	}
}

/** What the history says of it: what the version was called and is, and which moment it names. */
function actOf(
	kind: Extract<ActKind, `version-${string}`>,
	who: Authority['who'],
	{ before, after }: { before?: VersionRecord; after?: VersionRecord }
): Act {
	const told = (version: VersionRecord | undefined) =>
		version ? { name: version.name, note: version.note, seq: version.seq } : null;
	return {
		kind,
		at: new Date().toISOString(),
		actorId: who.userId ?? '',
		member: (after ?? before)?.id ?? null,
		before: told(before),
		after: told(after)
	};
}

const toldVersion = ({ id, name, note, seq, at, createdAt }: DatedVersion, author: ToldActor) => ({
	id,
	name,
	note,
	seq,
	at,
	createdAt,
	author
});

const taken = (name: string) =>
	new Refusal('conflict', `there is a version ${JSON.stringify(name)} already`, { path: ['name'] });

/** Name and note of a request; what it leaves out is as before. @throws {Refusal} `bad-request` */
function wordsOf(given: Record<string, unknown>, before: Words): Words {
	const { name = before.name, note = before.note } = given;
	const problem = NAME(name);
	if (problem) throw new Refusal('bad-request', `"name" ${problem}`, { path: ['name'] });
	const remark = TEXT(note);
	if (remark) throw new Refusal('bad-request', `"note" ${remark}`, { path: ['note'] });
	return { name: String(name).trim(), note: String(note).trim() };
}
