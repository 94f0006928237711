import type { Kysely } from 'kysely';
import type { ChangeKind } from '#domain/change.ts';
import { kindOf, UNCHANGING_CODES } from '#server/database/change-kinds.ts';
import type { Database } from '#server/database/database.ts';
import { projectOf } from './change-row.ts';
import { newestFirst, runOf } from './change-runs.repository.ts';
import { findTerms, readTerms } from './change-terms.repository.ts';

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
	const { board } = await findTerms(db, boardId);
	const all = db
		.selectFrom('change')
		.select(['board', 'seq', 'kind', 'project', 'stage', 'field', 'member', 'before'])
		.where('kind', 'not in', UNCHANGING_CODES);
	const stretch = { from: above + 1, below: upTo + 1 };
	let select = newestFirst(db, all, runOf.entered(board), stretch).orderBy('index', 'desc');
	if (limit !== undefined) select = select.limit(limit);
	const rows = await select.execute();
	const textOf = await readTerms(
		db,
		rows.flatMap(({ project, stage, field }) => [project, stage, field])
	);
	return rows.map((row) => ({
		seq: row.seq,
		kind: kindOf(row.kind),
		projectId: projectOf(row, textOf),
		stageId: textOf(row.stage),
		field: textOf(row.field),
		member: row.member === '' ? null : row.member,
		before: row.before === '' ? 'null' : row.before
	}));
}
