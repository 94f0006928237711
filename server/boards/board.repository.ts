import type { Kysely } from 'kysely';
import { isRole, type Role } from '#domain/roles.ts';
import type { Database } from '#server/database/database.ts';

export interface BoardRecord {
	id: string;
	title: string;
	template: string;
	createdAt: string;
	archivedAt: string | null;
}

type Row = { id: string; title: string; template: string; created_at: string; archived_at: string | null };
const fromRow = (row: Row): BoardRecord => ({
	id: row.id,
	title: row.title,
	template: row.template,
	createdAt: row.created_at,
	archivedAt: row.archived_at
});

/** All boards, or those with one of the ids, oldest first. */
export async function listBoards(db: Kysely<Database>, ids?: readonly string[]): Promise<BoardRecord[]> {
	if (ids?.length === 0) return [];
	const all = db.selectFrom('board').selectAll().orderBy('created_at').orderBy('id');
	return (await (ids ? all.where('id', 'in', ids) : all).execute()).map(fromRow);
}

export async function findBoard(db: Kysely<Database>, id: string): Promise<BoardRecord | undefined> {
	const row = await db.selectFrom('board').selectAll().where('id', '=', id).executeTakeFirst();
	return row && fromRow(row);
}

/** Keeps a new board, whose document begins with its first journal entry; false if the id is taken. */
export async function insertBoard(
	db: Kysely<Database>,
	board: { id: string; title: string; template: string; at: string; by: string }
): Promise<boolean> {
	const result = await db
		.insertInto('board')
		.values({
			id: board.id,
			title: board.title,
			template: board.template,
			epoch: 1,
			created_at: board.at,
			created_by: board.by,
			archived_at: null
		})
		.onConflict((conflict) => conflict.column('id').doNothing())
		.executeTakeFirst();
	return result.numInsertedOrUpdatedRows === 1n;
}

export async function archiveBoard(db: Kysely<Database>, id: string, at: string): Promise<void> {
	await db.updateTable('board').set({ archived_at: at }).where('id', '=', id).execute();
}

/** A person's role on a board, if they are a member. */
export async function findMembership(
	db: Kysely<Database>,
	boardId: string,
	userId: string
): Promise<Role | undefined> {
	const row = await db
		.selectFrom('membership')
		.select('role')
		.where('board_id', '=', boardId)
		.where('user_id', '=', userId)
		.executeTakeFirst();
	return row && isRole(row.role) ? row.role : undefined;
}

export async function listMemberships(
	db: Kysely<Database>,
	boardId: string
): Promise<{ userId: string; role: Role }[]> {
	const rows = await db
		.selectFrom('membership')
		.select(['user_id', 'role'])
		.where('board_id', '=', boardId)
		.orderBy('created_at')
		.execute();
	return rows.flatMap((row) => (isRole(row.role) ? [{ userId: row.user_id, role: row.role }] : []));
}

/** The roles some people have on some boards. */
export async function listMembershipsAmong(
	db: Kysely<Database>,
	{ boardIds, userIds }: { boardIds: readonly string[]; userIds: readonly string[] }
): Promise<{ boardId: string; userId: string; role: Role }[]> {
	if (boardIds.length === 0 || userIds.length === 0) return [];
	const rows = await db
		.selectFrom('membership')
		.select(['board_id', 'user_id', 'role'])
		.where('board_id', 'in', boardIds)
		.where('user_id', 'in', userIds)
		.execute();
	return rows.flatMap(({ board_id, user_id, role }) =>
		isRole(role) ? [{ boardId: board_id, userId: user_id, role }] : []
	);
}

/** The boards a person is a member of, with their role there. */
export async function listMembershipsOf(
	db: Kysely<Database>,
	userId: string
): Promise<{ boardId: string; role: Role }[]> {
	const rows = await db
		.selectFrom('membership')
		.select(['board_id', 'role'])
		.where('user_id', '=', userId)
		.orderBy('board_id')
		.execute();
	return rows.flatMap((row) => (isRole(row.role) ? [{ boardId: row.board_id, role: row.role }] : []));
}

/** Takes a person off every board. */
export async function deleteMembershipsOf(db: Kysely<Database>, userId: string): Promise<void> {
	await db.deleteFrom('membership').where('user_id', '=', userId).execute();
}

/** Gives a person a role on a board, instead of the one they had. */
export async function putMembership(
	db: Kysely<Database>,
	membership: { boardId: string; userId: string; role: Role; at: string }
): Promise<void> {
	await db
		.insertInto('membership')
		.values({
			board_id: membership.boardId,
			user_id: membership.userId,
			role: membership.role,
			created_at: membership.at
		})
		.onConflict((conflict) =>
			conflict.columns(['board_id', 'user_id']).doUpdateSet({ role: membership.role })
		)
		.execute();
}

/** Takes a person off a board; false if they were not on it. */
export async function deleteMembership(
	db: Kysely<Database>,
	boardId: string,
	userId: string
): Promise<boolean> {
	const result = await db
		.deleteFrom('membership')
		.where('board_id', '=', boardId)
		.where('user_id', '=', userId)
		.executeTakeFirst();
	return result.numDeletedRows > 0n;
}
