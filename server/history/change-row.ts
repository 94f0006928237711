import type { ChangeKind, ChangeValue, RecordedChange } from '#domain/change.ts';
import type { ChangeTable } from '#server/database/database.ts';

/** A change as the database keeps it. */
export function toRow(boardId: string, change: RecordedChange): ChangeTable {
	return {
		board_id: boardId,
		seq: change.seq,
		index: change.index,
		at: change.at,
		dated: change.documentDate ?? change.at,
		document_date: change.documentDate,
		actor_id: change.actorId,
		kind: change.kind,
		project_id: change.projectId,
		project_name: change.projectName,
		stage_id: change.stageId,
		field: change.field,
		member: change.member,
		before: JSON.stringify(change.before),
		after: JSON.stringify(change.after)
	};
}

/** A change as it was kept. */
export function fromRow(row: ChangeTable): RecordedChange {
	return {
		seq: row.seq,
		index: row.index,
		at: row.at,
		documentDate: row.document_date,
		actorId: row.actor_id,
		kind: row.kind as ChangeKind,
		projectId: row.project_id,
		projectName: row.project_name,
		stageId: row.stage_id,
		field: row.field,
		member: row.member,
		before: JSON.parse(row.before) as ChangeValue,
		after: JSON.parse(row.after) as ChangeValue
	};
}
