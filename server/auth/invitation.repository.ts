import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

export const OWNER_INVITATION = 'owner';

/** Makes a new invitation the only one of its purpose. */
export async function replaceInvitation(
	db: Kysely<Database>,
	invitation: { digest: string; purpose: string; at: string }
): Promise<void> {
	await db.transaction().execute(async (trx) => {
		await trx.deleteFrom('invitation').where('purpose', '=', invitation.purpose).execute();
		await trx
			.insertInto('invitation')
			.values({
				digest: invitation.digest,
				purpose: invitation.purpose,
				created_at: invitation.at,
				used_at: null
			})
			.execute();
	});
}

/** Whether an invitation exists and was not used. */
export async function isInvitationOpen(db: Kysely<Database>, digest: string): Promise<boolean> {
	const row = await db
		.selectFrom('invitation')
		.select('digest')
		.where('digest', '=', digest)
		.where('used_at', 'is', null)
		.executeTakeFirst();
	return row !== undefined;
}

/** Uses an invitation up; false if somebody was faster. */
export async function takeInvitation(db: Kysely<Database>, digest: string, at: string): Promise<boolean> {
	const result = await db
		.updateTable('invitation')
		.set({ used_at: at })
		.where('digest', '=', digest)
		.where('used_at', 'is', null)
		.executeTakeFirst();
	return result.numUpdatedRows === 1n;
}

/** Opens an invitation again, when what it was used for did not work out. */
export async function reopenInvitation(db: Kysely<Database>, digest: string): Promise<void> {
	await db.updateTable('invitation').set({ used_at: null }).where('digest', '=', digest).execute();
}
