import { NAME } from '#doc/checks.ts';
import { SYSTEM_ACTOR } from '#domain/change.ts';
import { isId } from '#domain/ids.ts';
import { Refusal } from '#domain/refusal.ts';
import { can, type Role } from '#domain/roles.ts';
import { TEMPLATES, type Template } from '#domain/stages.ts';
import type { Portfolio } from '#seeds/schema.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import { OPERATOR, SYSTEM, type Who } from '#server/audit/who.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { type Compaction, compact } from '#server/journal/compact.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { PeopleService } from '#server/people/people.service.ts';
import {
	archiveBoard,
	type BoardRecord,
	deleteMembership,
	findBoard,
	findMembership,
	insertBoard,
	listBoards,
	listMemberships,
	putMembership
} from './board.repository.ts';
import { type ExportedBoard, exportedBoard } from './exported-board.ts';
import { firstEntries } from './first-entries.ts';
import type { ImportedBoard } from './imported-board.ts';

export type { BoardRecord } from './board.repository.ts';
export type { ExportedBoard } from './exported-board.ts';
export { type ImportedBoard, parseImportedBoard } from './imported-board.ts';

export interface Member {
	userId: string;
	name: string;
	email: string;
	org: string;
	role: Role;
}
/** Who acts, and with which role on the board. */
export interface Authority {
	who: Who;
	role: Role;
}
type NewBoard = { id: string; title: string; template: Template };

/** Boards and who is on them. */
export class BoardService {
	readonly #db: DatabaseHandle;
	readonly #journal: Journal;
	readonly #auth: AuthService;
	readonly #people: PeopleService;
	readonly #audit: AuditService;
	readonly #portfolio: Portfolio;
	constructor(parts: {
		db: DatabaseHandle;
		journal: Journal;
		auth: AuthService;
		people: PeopleService;
		audit: AuditService;
		portfolio: Portfolio;
	}) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#auth = parts.auth;
		this.#people = parts.people;
		this.#audit = parts.audit;
		this.#portfolio = parts.portfolio;
	}

	listAll(): Promise<BoardRecord[]> {
		return listBoards(this.#db);
	}

	/** The boards somebody may see, with their role. */
	async listFor(actor: Pick<Actor, 'userId'>): Promise<(BoardRecord & { role: Role })[]> {
		const boards = await listBoards(this.#db);
		const roles = await Promise.all(boards.map((board) => this.#auth.roleOn(actor, board.id)));
		return boards.flatMap((board, index) => (roles[index] ? [{ ...board, role: roles[index] }] : []));
	}

	/** @throws {Refusal} `not-found` */
	async get(boardId: string): Promise<BoardRecord> {
		const board = await findBoard(this.#db, boardId);
		if (!board) throw new Refusal('not-found', `there is no board ${boardId}`);
		return board;
	}

	/**
	 * Makes a board, its first journal entries and the record of it, all or nothing.
	 * @param content what it begins with instead of an empty board of its template
	 * @throws {Refusal} `bad-request`, `conflict` if the id is taken, `schema` naming a project that breaks the format
	 */
	async create(given: NewBoard, who: Who, content?: ImportedBoard): Promise<BoardRecord> {
		const board = { ...checkNewBoard(given), at: new Date().toISOString(), by: authorOf(who) };
		await this.#checkFree(board.id);
		const entries = firstEntries(board, { portfolio: this.#portfolio, content });
		const action = content ? 'board-import' : 'board-create';
		await this.#journal.commit(entries, async (trx) => {
			if (!(await insertBoard(trx, board))) throw taken(board.id);
			await this.#audit.record({ who, action, object: { board: board.id } }, trx);
		});
		return this.get(board.id);
	}

	async #checkFree(id: string): Promise<void> {
		if (await findBoard(this.#db, id)) throw taken(id);
	}

	/** The default board with the portfolio's projects, if there is no board at all. */
	async createDefault(): Promise<void> {
		if ((await listBoards(this.#db)).length > 0) return;
		const projects = this.#portfolio.projects
			.filter((project) => project.boardOrder !== undefined)
			.sort((a, b) => a.boardOrder! - b.boardOrder!);
		const board: NewBoard = { id: 'dianzhong', title: '滇中重大基础设施项目', template: 'stages' };
		await this.create(board, SYSTEM, { projects }).catch((error: unknown) => {
			// a server and a command that start together on an empty database both see no board
			if (!(error instanceof Refusal && error.code === 'conflict')) throw error;
		});
	}

	/** Puts a board away: from then on it is only read. @throws {Refusal} `not-found`, `conflict` if it was already */
	async archive(boardId: string, who: Who): Promise<BoardRecord> {
		const { archivedAt } = await this.get(boardId);
		if (archivedAt !== null)
			throw new Refusal('conflict', `board ${boardId} was put away at ${archivedAt} already`);
		await this.#db.transaction().execute(async (trx) => {
			await archiveBoard(trx, boardId, new Date().toISOString());
			await this.#audit.record({ who, action: 'board-archive', object: { board: boardId } }, trx);
		});
		return this.get(boardId);
	}

	/**
	 * Begins a new epoch of a board, after its database was put back by other means than `restore`: clients with newer
	 * state are told so instead of being merged. @throws {Refusal} `not-found`
	 */
	async beginEpoch(boardId: string, who: Who): Promise<void> {
		await this.get(boardId);
		await this.#db.transaction().execute(async (trx) => {
			await this.#journal.beginEpoch(trx, [boardId], Math.floor(Date.now() / 1_000));
			await this.#audit.record({ who, action: 'board-epoch', object: { board: boardId } }, trx);
		});
	}

	/**
	 * Drops the traces that changes and removals left in a board's document, in a new epoch of equal content. People may
	 * be writing: what they have on its way is done again by their browsers.
	 * @throws {Refusal} `not-found`, `forbidden` if the board is archived
	 */
	async compact(boardId: string, who: Who): Promise<Compaction> {
		const event = { who, action: 'board-compact' as const, object: { board: boardId } };
		return compact(this.#db, boardId, { alongside: (trx) => this.#audit.record(event, trx) });
	}

	/**
	 * Where a board is, and whether all that was ever committed in an epoch of it is in its past.
	 * @throws {Refusal} `not-found`
	 */
	async epoch(boardId: string, epoch: number): Promise<{ epoch: number; seq: number; isWhole: boolean }> {
		const isWhole = await this.#journal.isWhole(boardId, epoch);
		const head = await this.#journal.head(boardId);
		return { epoch: head.epoch, seq: head.seq, isWhole };
	}

	/** A board as it is committed, to be kept or imported elsewhere. @throws {Refusal} `not-found` */
	async export(boardId: string, who: Who): Promise<ExportedBoard> {
		const { doc, head } = await this.#journal.load(boardId);
		await this.#audit.record({ who, action: 'board-export', object: { board: boardId } });
		return exportedBoard(boardId, doc, head);
	}

	/** The members of a board, in the order they joined. */
	async members(boardId: string): Promise<Member[]> {
		const memberships = await listMemberships(this.#db, boardId);
		const ids = new Set(memberships.map(({ userId }) => userId));
		const [profiles, emails] = await Promise.all([this.#people.profiles(ids), this.#people.emails(ids)]);
		return memberships.map(({ userId, role }) => ({
			userId,
			name: profiles.get(userId)?.name ?? '',
			email: emails.get(userId) ?? '',
			org: profiles.get(userId)?.org ?? '',
			role
		}));
	}

	/** Gives a person a role on a board. @throws {Refusal} `not-found`, `forbidden` for giving more than one has */
	async addMember(boardId: string, member: { email: string; role: Role }, by: Authority): Promise<Member> {
		const { role } = member;
		await this.get(boardId);
		await this.#assertMayGive(by, boardId, role);
		const person = await this.#people.getByEmail(member.email);
		const was = await findMembership(this.#db, boardId, person.id);
		if (was) await this.#assertMayGive(by, boardId, was);
		const object = { board: boardId, user: person.id, role, was };
		await this.#db.transaction().execute(async (trx) => {
			await putMembership(trx, { boardId, userId: person.id, role, at: new Date().toISOString() });
			await this.#audit.record({ who: by.who, action: 'member-put', object }, trx);
		});
		return (await this.members(boardId)).find(({ userId }) => userId === person.id)!;
	}

	/** Takes a person off a board. @throws {Refusal} `not-found`, `forbidden` */
	async removeMember(boardId: string, userId: string, by: Authority): Promise<void> {
		const was = await findMembership(this.#db, boardId, userId);
		if (!was) throw new Refusal('not-found', `${userId} is not on this board`);
		await this.#assertMayGive(by, boardId, was);
		await this.#db.transaction().execute(async (trx) => {
			await deleteMembership(trx, boardId, userId);
			const object = { board: boardId, user: userId, was };
			await this.#audit.record({ who: by.who, action: 'member-remove', object }, trx);
		});
	}

	/** Only an owner makes or unmakes owners. @throws {Refusal} `forbidden`, which is recorded */
	async #assertMayGive(by: Authority, boardId: string, role: Role): Promise<void> {
		if (can(by.role, 'members:manage') && (role !== 'owner' || by.role === 'owner')) return;
		const object = { board: boardId, wanted: 'members:manage', role };
		await this.#audit.record({ who: by.who, action: 'rights-check', object, result: 'forbidden' });
		throw new Refusal('forbidden', `a ${by.role} does not make or unmake a ${role}`);
	}
}

const taken = (id: string) => new Refusal('conflict', `board ${id} is there already`, { path: ['id'] });

/** What stands on a board from the start was written by a person, or by the program. */
const authorOf = ({ userId }: Who) => (userId === null || userId === OPERATOR.userId ? SYSTEM_ACTOR : userId);

function checkNewBoard(board: NewBoard): NewBoard {
	if (!isId(board.id))
		throw new Refusal('bad-request', `${JSON.stringify(board.id)} is not an id`, { path: ['id'] });
	const title = board.title.trim();
	const problem = NAME(title);
	if (problem) throw new Refusal('bad-request', `the title ${problem}`, { path: ['title'] });
	if (!TEMPLATES.includes(board.template))
		throw new Refusal('bad-request', `${String(board.template)} is none of ${TEMPLATES.join(', ')}`);
	return { ...board, title };
}
