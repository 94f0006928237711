import * as Y from 'yjs';
import type { Change, ChangeValue } from '#domain/change.ts';
import { PROJECT_FIELDS } from '#doc/fields.ts';
import type { TouchedPath } from '#doc/inspection/inspect.ts';
import { findNotes, metaOf, projectsOf, stagesOf } from '#doc/schema.ts';

/** Longer notes are kept in the journal whole; a history row shows this much of them. */
const NOTES_SHOWN_CHARS = 4_000;
/** Values a row of an added or removed project shows. */
const PICTURE_FIELDS = ['name', 'sector', 'place', 'leadCity', 'totalInvestmentYuan'] as const;

type Reading = ChangeValue | undefined;

/**
 * Applies an update and says what it changed: the touched paths are read before and after, nothing else.
 * @param apply applies the update to `doc`
 */
export function describeUpdate(doc: Y.Doc, touched: readonly TouchedPath[], apply: () => void): Change[] {
	const before = touched.map((path) => read(doc, path));
	const names = touched.map(([root, id]) => (root === 'projects' ? nameOf(doc, id!) : null));
	apply();
	return touched.flatMap((path, index) => {
		const after = read(doc, path);
		if (JSON.stringify(before[index]) === JSON.stringify(after)) return [];
		const projectName = path[0] === 'projects' ? (nameOf(doc, path[1]!) ?? names[index] ?? null) : null;
		return changesAt(path, before[index], after).map((change) => ({ ...change, projectName }));
	});
}

function nameOf(doc: Y.Doc, projectId: string): string | null {
	const name = plainMap(projectsOf(doc).get(projectId))?.get('name');
	return typeof name === 'string' ? name : null;
}

function plainMap(value: unknown): Y.Map<unknown> | undefined {
	return value instanceof Y.Map ? value : undefined;
}

function read(doc: Y.Doc, [root, id = '', field, key]: TouchedPath): Reading {
	if (root === 'meta') return metaOf(doc).get(id) as Reading;
	const map = plainMap(root === 'stages' ? stagesOf(doc).get(id) : projectsOf(doc).get(id));
	if (!map) return undefined;
	if (field === undefined) return root === 'stages' ? (map.toJSON() as ChangeValue) : pictureOf(map);
	if (field === 'notes') return notesText(doc, id);
	const value = map.get(field);
	if (key !== undefined) return plainMap(value)?.get(key) as Reading;
	return value instanceof Y.Map ? (value.toJSON() as ChangeValue) : (value as Reading);
}

function pictureOf(project: Y.Map<unknown>): ChangeValue {
	const picture: Record<string, ChangeValue> = {};
	for (const field of PICTURE_FIELDS) {
		const value = project.get(field);
		if (value !== undefined) picture[field] = value as ChangeValue;
	}
	picture.evidence = (plainMap(project.get('evidence'))?.toJSON() ?? {}) as ChangeValue;
	return picture;
}

/** Plain text of rich text: a line for each block. */
function notesText(doc: Y.Doc, projectId: string): string {
	const lines: string[] = [];
	const walk = (node: Y.XmlElement | Y.XmlText | Y.XmlFragment): void => {
		if (node instanceof Y.XmlText)
			lines.push(
				node
					.toDelta()
					.map((part: { insert: unknown }) => String(part.insert))
					.join('')
			);
		else for (const child of node.toArray()) walk(child as Y.XmlElement | Y.XmlText);
	};
	const notes = findNotes(doc, projectId);
	if (notes) walk(notes);
	return lines.join('\n').slice(0, NOTES_SHOWN_CHARS);
}

type Bare = Omit<Change, 'projectName'>;
const nothing: Bare = {
	kind: 'board-changed',
	projectId: null,
	stageId: null,
	field: null,
	member: null,
	before: null,
	after: null
};

function changesAt(path: TouchedPath, before: Reading, after: Reading): Bare[] {
	const [root, id = null, field = null, member = null] = path;
	const values = { before: before ?? null, after: after ?? null };
	if (root === 'meta') return [{ ...nothing, ...values, field: id }];
	if (root === 'stages')
		return [{ ...nothing, ...values, kind: stageKind(field, before, after), stageId: id, field }];
	if (field === null) return wholeProject(id!, before, after);
	const base: Bare = { ...nothing, ...values, kind: 'field-set', projectId: id, field, member };
	if (field === 'place') return [{ ...base, kind: 'project-moved', stageId: stageOf(after) }];
	if (field === 'notes') return [{ ...base, kind: 'notes-edited' }];
	if (PROJECT_FIELDS[field]?.shape !== 'map') return [base];
	if (member !== null) return [{ ...base, kind: memberKind(field, before, after) }];
	return entriesOf(
		base,
		(before ?? {}) as Record<string, ChangeValue>,
		(after ?? {}) as Record<string, ChangeValue>
	);
}

function stageKind(field: string | null, before: Reading, after: Reading): Change['kind'] {
	if (field !== null) return 'stage-changed';
	if (before === undefined) return 'stage-added';
	return after === undefined ? 'stage-removed' : 'stage-changed';
}

function memberKind(field: string, before: Reading, after: Reading): Change['kind'] {
	if (before === undefined) return field === 'evidence' ? 'evidence-added' : 'member-added';
	return after === undefined ? 'member-removed' : 'member-changed';
}

function stageOf(place: Reading): string | null {
	const stage = (place as { stage?: unknown } | null | undefined)?.stage;
	return typeof stage === 'string' ? stage : null;
}

/** A whole map was set: one change for each entry that differs. */
function entriesOf(
	base: Bare,
	before: Record<string, ChangeValue>,
	after: Record<string, ChangeValue>
): Bare[] {
	const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
	return keys
		.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
		.map((key) => ({
			...base,
			kind: memberKind(base.field!, before[key], after[key]),
			member: key,
			before: before[key] ?? null,
			after: after[key] ?? null
		}));
}

/** A project that came or went; the evidence it brought stands in the history by itself. */
function wholeProject(projectId: string, before: Reading, after: Reading): Bare[] {
	const kind = before === undefined ? 'project-added' : after === undefined ? 'project-removed' : 'field-set';
	const [old, now] = [before, after].map((picture) => withoutEvidence(picture));
	const place = (after ?? before) as { place?: ChangeValue; evidence?: Record<string, ChangeValue> };
	const change: Bare = {
		...nothing,
		kind,
		projectId,
		stageId: stageOf(place.place),
		before: old!,
		after: now!
	};
	if (kind !== 'project-added') return [change];
	const evidence: Bare = { ...nothing, kind: 'evidence-added', projectId, field: 'evidence' };
	return [change, ...entriesOf(evidence, {}, place.evidence ?? {})];
}

function withoutEvidence(picture: Reading): ChangeValue {
	if (picture === undefined || picture === null) return null;
	const { evidence: _, ...rest } = picture as Record<string, ChangeValue>;
	return rest;
}
