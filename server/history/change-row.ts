import type { ChangeValue, RecordedChange } from '#domain/change.ts';
import { KIND_CODES, kindOf } from '#server/database/change-kinds.ts';
import type { ChangeTable, DatabaseHandle, TransactionHandle } from '#server/database/database.ts';
import { datedCode, documentDateOf } from './change-clock.ts';
import { keepTerms, readTerms, type Terms } from './change-terms.repository.ts';

/** A change as the database keeps it. */
export type ChangeRow = ChangeTable;

/** A value as rows keep it. */
export const jsonOf = (value: ChangeValue): string => (value === null ? '' : JSON.stringify(value));
const valueOf = (json: string) => (json === '' ? null : (JSON.parse(json) as ChangeValue));

/** Changes as the database keeps them. @param trx holds the lock of the board; texts that are new to it are added */
export async function toRows(
	trx: TransactionHandle,
	boardId: string,
	changes: readonly RecordedChange[]
): Promise<ChangeRow[]> {
	const terms = await keepTerms(trx, boardId, textsOf(changes));
	return changes.map((change) => toRow(terms, change));
}

function* textsOf(changes: readonly RecordedChange[]): Generator<string> {
	for (const { actorId, projectId, projectName, stageId, field } of changes) {
		yield actorId;
		for (const text of [projectId, projectName, stageId, field]) if (text !== null) yield text;
	}
}

function toRow(terms: Terms, change: RecordedChange): ChangeRow {
	return {
		at: Date.parse(change.at),
		seq: change.seq,
		document_date: change.documentDate === null ? 0 : datedCode(change.documentDate),
		board: terms.board,
		index: change.index,
		actor: terms.of(change.actorId),
		project: change.projectId === null ? terms.board : terms.of(change.projectId),
		name: terms.of(change.projectName),
		stage: terms.of(change.stageId),
		field: terms.of(change.field),
		kind: KIND_CODES[change.kind],
		member: change.member ?? '',
		before: jsonOf(change.before),
		after: jsonOf(change.after)
	};
}

/** Changes as they were kept. */
export async function fromRows(db: DatabaseHandle, rows: readonly ChangeRow[]): Promise<RecordedChange[]> {
	const textOf = await readTerms(
		db,
		rows.flatMap(({ actor, project, name, stage, field }) => [actor, project, name, stage, field])
	);
	return rows.map((row) => ({
		seq: row.seq,
		index: row.index,
		at: new Date(row.at).toISOString(),
		documentDate: documentDateOf(row.document_date),
		actorId: textOf(row.actor) ?? '',
		kind: kindOf(row.kind),
		projectId: projectOf(row, textOf),
		projectName: textOf(row.name),
		stageId: textOf(row.stage),
		field: textOf(row.field),
		member: row.member === '' ? null : row.member,
		before: valueOf(row.before),
		after: valueOf(row.after)
	}));
}

/** The project a row is about, if it is about one. */
export function projectOf(
	{ board, project }: Pick<ChangeRow, 'board' | 'project'>,
	textOf: (id: number) => string | null
): string | null {
	return project === board ? null : textOf(project);
}
