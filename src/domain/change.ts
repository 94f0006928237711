/** Actor of what stands on a board from its start. */
export const SYSTEM_ACTOR = 'system';

/** A plain value a change row can hold before and after: JSON, never a name or phone of a person. */
export type ChangeValue = string | number | boolean | null | { [key: string]: ChangeValue } | ChangeValue[];

/** What an edit did to the board. */
const EDIT_KINDS = [
	'project-added',
	'project-taken',
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
	'board-changed'
] as const;

/**
 * What was done about a board and changed nothing that stands on it: a moment was named, a clash settled, an edit
 * refused. No part of the journal, but kept beside it.
 */
export const ACT_KINDS = [
	'version-named',
	'version-changed',
	'version-removed',
	'clash-settled',
	'edit-refused'
] as const;

/** What follows from the times of a board's entries: when people were at work on it. */
const SESSION_KINDS = ['session-begun', 'session-ended'] as const;

/** Kinds of rows that tell of something but an edit; where a board is worked out from its changes they are left out. */
export const UNCHANGING_KINDS = ['clash', ...ACT_KINDS, ...SESSION_KINDS] as const;

export const CHANGE_KINDS = [...EDIT_KINDS, ...UNCHANGING_KINDS] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];
export type ActKind = (typeof ACT_KINDS)[number];

/** Whether a change of this kind made the board another one. */
export function changesBoard(kind: ChangeKind): boolean {
	return !(UNCHANGING_KINDS as readonly ChangeKind[]).includes(kind);
}

/**
 * One thing that changed on a board, derived from the paths an update touched.
 * `projectName` is the project's name after the change (before it, when removed), so that a row reads alone.
 * A move is to another stage; a reordering is within one.
 * `field` is a project key; for members of a set or records it is `key` and `member` names the entry.
 * A project is taken where somebody brings it from the library; an added one they made themselves.
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
	/** Below 0 what came after the entry and before the next one, the latest lowest: newest first is by `index` too. */
	index: number;
	/** When the server received it, ISO 8601 UTC. */
	at: string;
	/** Date of the document for evidence (as exact as it is), else null. */
	documentDate: string | null;
	actorId: string;
}
