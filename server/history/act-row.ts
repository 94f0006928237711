import type { ChangeKind, ChangeValue, RecordedChange } from '#domain/change.ts';
import type { BoardActTable } from '#server/database/database.ts';

/** An act as it is kept for good: in words of its own, so that it needs nothing beside it to be read. */
export function toActRow(boardId: string, act: RecordedChange): BoardActTable {
	return {
		board_id: boardId,
		seq: act.seq,
		index: act.index,
		at: act.at,
		dated: act.documentDate ?? act.at,
		document_date: act.documentDate,
		actor_id: act.actorId,
		kind: act.kind,
		project_id: act.projectId,
		project_name: act.projectName,
		stage_id: act.stageId,
		field: act.field,
		member: act.member,
		before: JSON.stringify(act.before),
		after: JSON.stringify(act.after)
	};
}

/** An act as it was kept. */
export function fromActRow(row: BoardActTable): RecordedChange {
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
