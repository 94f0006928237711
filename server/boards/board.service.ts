import { isId } from '#domain/ids.ts';
import { NAME_MAX_CHARS } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import { can, type Role } from '#domain/roles.ts';
import { TEMPLATES, type Template } from '#domain/stages.ts';
import type { Portfolio } from '#seeds/schema.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
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
import { firstEntries } from './first-entries.ts';
import type { ImportedBoard } from './imported-board.ts';

export type { BoardRecord } from './board.repository.ts';
export { type ImportedBoard, parseImportedBoard } from './imported-board.ts';

/** Who wrote what stands on a board from the start. */
export const SYSTEM_ACTOR = 'system';

export interface Member {
	userId: string;
	name: string;
	email: string;
	org: string;
	role: Role;
}

/** Boards and who is on them. */
export class BoardService {
	readonly #db: DatabaseHandle;
	readonly #journal: Journal;
	readonly #auth: AuthService;
	readonly #people: PeopleService;
	readonly #portfolio: Portfolio;
	constructor(parts: {
		db: DatabaseHandle;
		journal: Journal;
		auth: AuthService;
		people: PeopleService;
		portfolio: Portfolio;
	}) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#auth = parts.auth;
		this.#people = parts.people;
		this.#portfolio = parts.portfolio;
	}

	listAll(): Promise<BoardRecord[]> {
		return listBoards(this.#db);
	}

	/** The boards somebody may see, with their role. */
	async listFor(actor: Actor): Promise<(BoardRecord & { role: Role })[]> {
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
	 * Makes a board: its stages by template, and the projects it is to begin with.
	 * @throws {Refusal} `bad-request`, `conflict` if the id is taken, `schema` if a project breaks the format
	 */
	async create(
		board: { id: string; title: string; template: Template; by: string },
		content?: ImportedBoard
	): Promise<BoardRecord> {
		if (!isId(board.id)) throw new Refusal('bad-request', `${board.id} is not an id`);
		const title = board.title.trim();
		if (title === '' || title.length > NAME_MAX_CHARS)
			throw new Refusal('bad-request', `a title has 1–${NAME_MAX_CHARS} characters`);
		if (!TEMPLATES.includes(board.template))
			throw new Refusal('bad-request', `${String(board.template)} is none of ${TEMPLATES.join(', ')}`);
		if (await findBoard(this.#db, board.id))
			throw new Refusal('conflict', `board ${board.id} is there already`);
		const at = new Date().toISOString();
		const entries = firstEntries({ ...board, title, at }, { portfolio: this.#portfolio, content });
		await this.#journal.commit(entries, (trx) => insertBoard(trx, { ...board, title, at }));
		return this.get(board.id);
	}

	/** The default board with the portfolio's projects, if there is no board at all. */
	async createDefault(): Promise<void> {
		if ((await listBoards(this.#db)).length > 0) return;
		const projects = this.#portfolio.projects
			.filter((project) => project.boardOrder !== undefined)
			.sort((a, b) => a.boardOrder! - b.boardOrder!);
		await this.create(
			{ id: 'dianzhong', title: '滇中重大基础设施项目', template: 'stages', by: SYSTEM_ACTOR },
			{ projects }
		);
	}

	async archive(boardId: string): Promise<BoardRecord> {
		await this.get(boardId);
		await archiveBoard(this.#db, boardId, new Date().toISOString());
		return this.get(boardId);
	}

	/** The members of a board, in the order they joined. */
	async members(boardId: string): Promise<Member[]> {
		const memberships = await listMemberships(this.#db, boardId);
		const profiles = await this.#people.profiles(new Set(memberships.map(({ userId }) => userId)));
		const people = new Map((await this.#people.list()).map((person) => [person.id, person]));
		return memberships.map(({ userId, role }) => ({
			userId,
			name: profiles.get(userId)?.name ?? '',
			email: people.get(userId)?.email ?? '',
			org: profiles.get(userId)?.org ?? '',
			role
		}));
	}

	/** Gives a person a role on a board. @throws {Refusal} `not-found`, `forbidden` for giving more than one has */
	async addMember(boardId: string, member: { email: string; role: Role }, by?: Role): Promise<Member> {
		await this.get(boardId);
		if (by !== undefined) assertMayGive(by, member.role);
		const person = await this.#people.getByEmail(member.email);
		const current = await findMembership(this.#db, boardId, person.id);
		if (by !== undefined && current) assertMayGive(by, current);
		await putMembership(this.#db, {
			boardId,
			userId: person.id,
			role: member.role,
			at: new Date().toISOString()
		});
		return (await this.members(boardId)).find(({ userId }) => userId === person.id)!;
	}

	/** Takes a person off a board. @throws {Refusal} `not-found`, `forbidden` */
	async removeMember(boardId: string, userId: string, by: Role): Promise<void> {
		const current = await findMembership(this.#db, boardId, userId);
		if (!current) throw new Refusal('not-found', `${userId} is not on this board`);
		assertMayGive(by, current);
		await deleteMembership(this.#db, boardId, userId);
	}
}

/** Only an owner makes or unmakes owners. */
function assertMayGive(by: Role, role: Role): void {
	if (!can(by, 'members:manage')) throw new Refusal('forbidden', `a ${by} does not manage members`);
	if (role === 'owner' && by !== 'owner')
		throw new Refusal('forbidden', 'only an owner makes or unmakes owners');
}
