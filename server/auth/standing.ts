import { type Role, roleWhenArchived } from '#domain/roles.ts';
import { type BoardRecord, listBoards, listMembershipsAmong } from '#server/boards/board.repository.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import { listPeople, type Person } from '#server/people/person.repository.ts';
import type { Actor } from './actor.ts';
import { listGoodSessions } from './session.repository.ts';
import { listGoodTokens } from './token.repository.ts';

/** Somebody on a board, for longer than a request. */
export interface Visit {
	actor: Actor;
	boardId: string;
}
/** Somebody, and a board. */
export type Asked = Pick<Visit, 'boardId'> & { actor: Pick<Actor, 'userId'> };

/** Whether their sign-in or token is still good, and their role on the board; null = none. */
export interface Standing {
	isSignedIn: boolean;
	role: Role | null;
}

/** The one rule of who has which role on a board. */
function roleAmong({
	board,
	person,
	role
}: {
	board: BoardRecord | undefined;
	person: Person | undefined;
	/** As a member of the board. */
	role: Role | undefined;
}): Role | null {
	if (!board || !person || person.isDisabled) return null;
	const held = person.role === 'owner' ? 'owner' : role;
	return held ? roleWhenArchived(held, board.archivedAt !== null) : null;
}

/** Looks many visits up at the cost of a few queries, which do not grow with them. */
export async function listStandings(db: DatabaseHandle, visits: readonly Visit[]): Promise<Standing[]> {
	const [good, rights] = await Promise.all([goodSignIns(db, visits), listRights(db, visits)]);
	return rights.map(({ isActive, role }, index) => ({
		isSignedIn: isActive && good.has(visits[index]!.actor.sessionId),
		role
	}));
}

/** Whether some people may come in at all, and their roles on boards, each in its place; null = none. */
export async function listRights(
	db: DatabaseHandle,
	visits: readonly Asked[]
): Promise<{ isActive: boolean; role: Role | null }[]> {
	const boardIds = [...new Set(visits.map(({ boardId }) => boardId))];
	const userIds = [...new Set(visits.map(({ actor }) => actor.userId))];
	const [people, boards, memberships] = await Promise.all([
		listPeople(db, new Set(userIds)),
		listBoards(db, boardIds),
		listMembershipsAmong(db, { boardIds, userIds })
	]);
	const personOf = new Map(people.map((person) => [person.id, person]));
	const boardOf = new Map(boards.map((board) => [board.id, board]));
	const key = (boardId: string, userId: string) => `${boardId} ${userId}`; // neither holds a space
	const roleOf = new Map(memberships.map(({ boardId, userId, role }) => [key(boardId, userId), role]));
	return visits.map(({ actor, boardId }) => {
		const person = personOf.get(actor.userId);
		const role = roleOf.get(key(boardId, actor.userId));
		return {
			isActive: person !== undefined && !person.isDisabled,
			role: roleAmong({ board: boardOf.get(boardId), person, role })
		};
	});
}

async function goodSignIns(db: DatabaseHandle, visits: readonly Visit[]): Promise<Set<string>> {
	const idsOf = (via: Actor['via']) => [
		...new Set(visits.filter(({ actor }) => actor.via === via).map(({ actor }) => actor.sessionId))
	];
	const good = await Promise.all([
		listGoodSessions(db, idsOf('cookie'), new Date()),
		listGoodTokens(db, idsOf('token'))
	]);
	return new Set(good.flat());
}
