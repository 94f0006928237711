import type { Kysely } from 'kysely';
import { type ChangeKind, UNCHANGING_KINDS } from '#domain/change.ts';
import type { Database } from '#server/database/database.ts';

/** What a change found where it was made. */
export interface ChangeBefore {
	seq: number;
	kind: ChangeKind;
	projectId: string | null;
	stageId: string | null;
	field: string | null;
	member: string | null;
	/** JSON. */
	before: string;
}

/**
 * What the changes of a stretch of entries found, newest first.
 * @param stretch entries after `above` and up to `upTo`; without a limit all of them
 */
export async function listBefores(
	db: Kysely<Database>,
	boardId: string,
	{ above, upTo, limit }: { above: number; upTo: number; limit?: number }
): Promise<ChangeBefore[]> {
	let select = db
		.selectFrom('change')
		.select(['seq', 'kind', 'project_id as projectId', 'stage_id as stageId', 'field', 'member', 'before'])
		.where('board_id', '=', boardId)
		.where('seq', '>', above)
		.where('seq', '<=', upTo)
		.where('kind', 'not in', UNCHANGING_KINDS)
		.orderBy('seq', 'desc');
	if (limit !== undefined) select = select.limit(limit);
	return (await select.execute()) as ChangeBefore[];
}
