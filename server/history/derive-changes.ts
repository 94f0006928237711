import type * as Y from 'yjs';
import type { Change, ChangeKind, ChangeValue } from '#domain/change.ts';
import { PROJECT_FIELDS, STAGE_FIELDS } from '#doc/fields.ts';
import type { TouchedPath } from '#doc/inspection/inspect.ts';
import { atOnce, type Steps } from '#doc/steps.ts';
import { nameOf, type NotesReading, type Reading, readPath, wasEverThere } from './read-path.ts';

/**
 * Applies an update and says what it changed: the touched paths are read before and after, nothing else.
 * @param apply applies the update to `doc`
 */
export function describeUpdate(doc: Y.Doc, touched: readonly TouchedPath[], apply: () => void): Change[] {
	return atOnce(describeInSteps(doc, touched, apply));
}

/** The same in steps; the touched places must not change meanwhile but by `apply`, which may take steps itself. */
export function* describeInSteps(
	doc: Y.Doc,
	touched: readonly TouchedPath[],
	apply: () => Steps<void> | void
): Steps<Change[]> {
	const before: Before[] = [];
	for (const path of touched) {
		if (before.length > 0) yield;
		before.push(readBefore(doc, path));
	}
	const applying = apply();
	if (applying) yield* applying;
	const changes: Change[] = [];
	for (const place of before) {
		if (changes.length > 0) yield;
		changes.push(...changesSince(doc, place));
	}
	return changes;
}

/** A touched place before an update is applied. */
interface Before {
	path: TouchedPath;
	reading: Reading;
	name: string | null;
	isKnown: boolean;
}

function readBefore(doc: Y.Doc, path: TouchedPath): Before {
	const [root, id = ''] = path;
	const isProject = root === 'projects';
	return {
		path,
		reading: readPath(doc, path),
		name: isProject ? nameOf(doc, id) : null,
		isKnown: isProject && wasEverThere(doc, id)
	};
}

function changesSince(doc: Y.Doc, { path, reading, name, isKnown }: Before): Change[] {
	const changes = changesAt(path, reading, readPath(doc, path), isKnown);
	const projectName = path[0] === 'projects' ? (nameOf(doc, path[1]!) ?? name) : null;
	return changes.map((change) => ({ ...change, projectName }));
}

type Bare = Omit<Change, 'projectName'>;
type Fields = Readonly<Record<string, ChangeValue>>;

const nothing: Bare = {
	kind: 'board-changed',
	projectId: null,
	stageId: null,
	field: null,
	member: null,
	before: null,
	after: null
};

/** Absent and null are one: clearing what was never set is no change. */
function isSame(before: Reading, after: Reading): boolean {
	return JSON.stringify(before ?? null) === JSON.stringify(after ?? null);
}

function changesAt(path: TouchedPath, before: Reading, after: Reading, isKnown: boolean): Bare[] {
	if (isSame(before, after)) return [];
	const [root, id = '', field] = path;
	if (root === 'meta') return [{ ...nothing, field: id, before: before ?? null, after: after ?? null }];
	if (root === 'stages') return stageChanges(path, before, after);
	if (field !== undefined) return fieldChanges(path, before, after);
	if (before !== undefined && after !== undefined)
		return replaced(['projects', id], PROJECT_FIELDS, { before, after });
	return [wholeProject(id, { before, after, isKnown }), ...(isKnown ? [] : newEvidence(id, after))];
}

/** A whole project or stage was set again: what changed in it, field by field. */
function replaced(
	path: TouchedPath,
	fields: object,
	values: { before: ChangeValue; after: ChangeValue }
): Bare[] {
	const [old, now] = [values.before as Fields, values.after as Fields];
	return Object.keys(fields).flatMap((field) => changesAt([...path, field], old[field], now[field], true));
}

function stageChanges(path: TouchedPath, before: Reading, after: Reading): Bare[] {
	const [, stageId = '', field = null] = path;
	if (field === null && before !== undefined && after !== undefined)
		return replaced(path, STAGE_FIELDS, { before, after });
	const kind = field !== null ? 'stage-changed' : before === undefined ? 'stage-added' : 'stage-removed';
	return [{ ...nothing, kind, stageId, field, before: before ?? null, after: after ?? null }];
}

function fieldChanges(path: TouchedPath, before: Reading, after: Reading): Bare[] {
	const [, projectId = '', field = '', member] = path;
	const base: Bare = { ...nothing, kind: 'field-set', projectId, field };
	if (field === 'place') return [moved(base, before, after)];
	if (field === 'notes') return notesChanges(base, before, after);
	if (PROJECT_FIELDS[field]?.shape !== 'map')
		return [{ ...base, before: before ?? null, after: after ?? null }];
	if (member !== undefined) return memberChanges(base, { [member]: before }, { [member]: after });
	return memberChanges(base, (before ?? {}) as Fields, (after ?? {}) as Fields);
}

/** To another stage, or to another place within one. */
function moved(base: Bare, before: Reading, after: Reading): Bare {
	const isWithin = stageOf(before) === stageOf(after);
	return {
		...base,
		kind: isWithin ? 'project-reordered' : 'project-moved',
		stageId: stageOf(after),
		before: before ?? null,
		after: after ?? null
	};
}

function stageOf(place: Reading): string | null {
	const stage = (place as { stage?: unknown } | null | undefined)?.stage;
	return typeof stage === 'string' ? stage : null;
}

/** Empty blocks that an editor leaves behind in empty notes say nothing. */
function notesChanges(base: Bare, before: Reading, after: Reading): Bare[] {
	const [old, now] = [notesText(before), notesText(after)];
	return old === '' && now === '' ? [] : [{ ...base, kind: 'notes-edited', before: old, after: now }];
}

function notesText(notes: Reading): string {
	return (notes as NotesReading | undefined)?.text ?? '';
}

/** One change for each entry that differs, in the order of their keys. */
function memberChanges(base: Bare, before: Record<string, Reading>, after: Record<string, Reading>): Bare[] {
	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return keys
		.filter((key) => !isSame(before[key], after[key]))
		.map((key) => ({
			...base,
			kind: memberKind(base.field, before[key], after[key]),
			member: key,
			before: before[key] ?? null,
			after: after[key] ?? null
		}));
}

function memberKind(field: string | null, before: Reading, after: Reading): ChangeKind {
	if (before === undefined) return field === 'evidence' ? 'evidence-added' : 'member-added';
	return after === undefined ? 'member-removed' : 'member-changed';
}

/** A project that came, came back, or went. */
function wholeProject(
	projectId: string,
	{ before, after, isKnown }: { before: Reading; after: Reading; isKnown: boolean }
): Bare {
	const kind = after === undefined ? 'project-removed' : isKnown ? 'project-restored' : 'project-added';
	const place = ((after ?? before) as Fields).place;
	return {
		...nothing,
		kind,
		projectId,
		stageId: stageOf(place),
		before: pictureOf(before, kind),
		after: pictureOf(after, kind)
	};
}

/** All a project holds; the evidence a new one brings stands in rows of its own. */
function pictureOf(project: Reading, kind: ChangeKind): ChangeValue {
	if (project === undefined) return null;
	const { notes, evidence = {}, ...rest } = project as Fields;
	const text = notesText(notes);
	return { ...rest, ...(kind !== 'project-added' && { evidence }), ...(text !== '' && { notes: text }) };
}

function newEvidence(projectId: string, project: Reading): Bare[] {
	const evidence = ((project as Fields | undefined)?.evidence ?? {}) as Fields;
	return memberChanges({ ...nothing, projectId, field: 'evidence' }, {}, evidence);
}
