/** Actor of what stands on a board from its start. */
export const SYSTEM_ACTOR = 'system';

/** A plain value a change row can hold before and after: JSON, never a name or phone of a person. */
export type ChangeValue = string | number | boolean | null | { [key: string]: ChangeValue } | ChangeValue[];

export const CHANGE_KINDS = [
	'project-added',
	'project-removed',
	'project-restored',
	'project-moved',
	'project-reordered',
	'field-set',
	'member-added',
	'member-changed',
	'member-removed',
	'notes-edited',
	'evidence-added',
	'stage-added',
	'stage-removed',
	'stage-changed',
	'board-changed',
	'clash'
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/**
 * One thing that changed on a board, derived from the paths an update touched.
 * `projectName` is the project's name after the change (before it, when removed), so that a row reads alone.
 * A move is to another stage; a reordering is within one.
 * `field` is a project key; for members of a set or records it is `key` and `member` names the entry.
 * A clash changes nothing by itself: `before` is the value that was lost and `after` the one that stands, each with whose
 * it is (`clash.ts`).
 */
export interface Change {
	kind: ChangeKind;
	projectId: string | null;
	projectName: string | null;
	stageId: string | null;
	field: string | null;
	member: string | null;
	before: ChangeValue;
	after: ChangeValue;
}

/** A change as history keeps it: numbered, stamped by the server, with the actor's id only. */
export interface RecordedChange extends Change {
	/** Board-wide number of the journal entry; the n-th change of one entry has `index` n. */
	seq: number;
	index: number;
	/** When the server received it, ISO 8601 UTC. */
	at: string;
	/** Date of the document for evidence (as exact as it is), else null. */
	documentDate: string | null;
	actorId: string;
}
