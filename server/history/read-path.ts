import * as Y from 'yjs';
import type { ChangeValue } from '#domain/change.ts';
import { PROJECT_FIELDS } from '#doc/fields.ts';
import type { TouchedPath } from '#doc/inspection/inspect.ts';
import { metaOf, projectsOf, stagesOf } from '#doc/schema.ts';

/** Longer notes are kept in the journal whole; a history row shows this much of them. */
const NOTES_SHOWN_CHARS = 4_000;

/** What stands at a path as plain values with their keys in order, so that equal things are written alike. */
export type Reading = ChangeValue | undefined;

/** Notes as a row shows them, and whole with their formatting, to see whether anything changed at all. */
export type NotesReading = { text: string; whole: string };

/** Reads what stands at a touched path of a document; undefined = nothing. */
export function readPath(doc: Y.Doc, [root, id = '', field, key]: TouchedPath): Reading {
	if (root === 'meta') return plain(metaOf(doc).get(id));
	const map = asMap(root === 'stages' ? stagesOf(doc).get(id) : projectsOf(doc).get(id));
	if (!map) return undefined;
	if (field === undefined) return root === 'stages' ? plain(map) : readProject(map);
	if (root === 'projects' && key === undefined) return readField(map, field);
	const value = map.get(field);
	return plain(key === undefined ? value : asMap(value)?.get(key));
}

/** The name of a project, if it is on the board and has one. */
export function nameOf(doc: Y.Doc, projectId: string): string | null {
	const name = asMap(projectsOf(doc).get(projectId))?.get('name');
	return typeof name === 'string' ? name : null;
}

/** Whether a project of this id was ever on the board: Yjs keeps the keys of a map whose values are gone. */
export function wasEverThere(doc: Y.Doc, projectId: string): boolean {
	return projectsOf(doc)._map.has(projectId);
}

function asMap(value: unknown): Y.Map<unknown> | undefined {
	return value instanceof Y.Map ? value : undefined;
}

function readField(project: Y.Map<unknown>, field: string): Reading {
	const value = project.get(field);
	return value instanceof Y.XmlFragment ? readNotes(value) : plain(value);
}

function readProject(project: Y.Map<unknown>): ChangeValue {
	const read = Object.keys(PROJECT_FIELDS).map((field) => [field, readField(project, field)] as const);
	return Object.fromEntries(read.flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])));
}

/** Plain values with the keys of every record and map in alphabetical order. */
function plain(value: unknown): Reading {
	if (value instanceof Y.Map) return plain(Object.fromEntries(value.entries()));
	if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
	if (typeof value !== 'object' || value === null) return value as Reading;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, item]) => [key, plain(item) ?? null]));
}

function readNotes(notes: Y.XmlFragment): NotesReading {
	return { text: shortened(wordsOf(notes)), whole: notes.toString() };
}

/** Notes as plain lines. */
export function wordsOf(notes: Y.XmlFragment): string {
	return linesOf(notes).join('\n').trim();
}

/** Long notes end with an ellipsis, never within a character. */
export function shortened(text: string): string {
	if (text.length <= NOTES_SHOWN_CHARS) return text;
	const shown = text.slice(0, NOTES_SHOWN_CHARS - 1);
	return `${shown.replace(/[\ud800-\udbff]$/, '')}…`;
}

type XmlNode = Y.XmlFragment | Y.XmlElement | Y.XmlText;

/** Rich text as plain lines, one for each innermost block. */
function linesOf(node: Y.XmlFragment | Y.XmlElement): string[] {
	const children = node.toArray() as XmlNode[];
	const isInline = children.length === 0 || children.some((child) => child instanceof Y.XmlText);
	if (isInline) return [children.map(inlineText).join('')];
	return children.flatMap((child) => (child instanceof Y.XmlText ? [] : linesOf(child)));
}

function inlineText(node: XmlNode): string {
	if (!(node instanceof Y.XmlText)) return '\n'; // a hard break is the only element between texts
	const parts = node.toDelta() as { insert: unknown }[];
	return parts.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
}
