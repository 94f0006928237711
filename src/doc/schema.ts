import * as Y from 'yjs';
import type { Root } from './fields.ts';

/** Version of the document format this program writes (`meta.schema`). */
export const SCHEMA_VERSION = 1;

/** `meta`: title, template, schema version. */
export function metaOf(doc: Y.Doc): Y.Map<unknown> {
	return doc.getMap('meta' satisfies Root);
}

/** `stages`: stage id → name, nameEn, order. */
export function stagesOf(doc: Y.Doc): Y.Map<Y.Map<unknown>> {
	return doc.getMap('stages' satisfies Root);
}

/** `projects`: project id → the project's fields. */
export function projectsOf(doc: Y.Doc): Y.Map<Y.Map<unknown>> {
	return doc.getMap('projects' satisfies Root);
}

/** The rich text of a project's notes, if the project is on the board and has any. */
export function findNotes(doc: Y.Doc, projectId: string): Y.XmlFragment | undefined {
	const project = projectsOf(doc).get(projectId);
	const notes = project instanceof Y.Map ? project.get('notes') : undefined;
	return notes instanceof Y.XmlFragment ? notes : undefined;
}
