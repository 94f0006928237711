import * as Y from 'yjs';
import { isSameValue } from '#domain/same-value.ts';
import type { RestoreTarget } from '#domain/restore-target.ts';
import { PROJECT_FIELDS, STAGE_FIELDS } from './fields.ts';
import { readStages } from './read-board.ts';
import { restoreNotes } from './restore-notes.ts';
import { metaOf, projectsOf, stagesOf } from './schema.ts';

/**
 * Makes what a target names what it was in `past`, a document of the same board. What is as it was is not written; a
 * whole board is restored in a transaction for its layout and one for each project, so that no update grows too large.
 */
export function restore(doc: Y.Doc, past: Y.Doc, target: RestoreTarget): void {
	switch (target.kind) {
		case 'board':
			return restoreBoard(doc, past);
		case 'title':
			return restoreValue(metaOf(doc), metaOf(past), 'title');
		case 'stage':
			return doc.transact(() => restoreStage(doc, past, target.stageId));
		case 'project':
			return doc.transact(() => restoreProject(doc, past, target.projectId));
		case 'field':
			return doc.transact(() => restoreOneField(doc, past, target));
		default:
			return target satisfies never;
	}
}

/** Stages come first and go last, so that no project ever stands in one that is not there. */
function restoreBoard(doc: Y.Doc, past: Y.Doc): void {
	doc.transact(() => {
		restoreValue(metaOf(doc), metaOf(past), 'title');
		for (const id of stagesOf(past).keys()) restoreStage(doc, past, id);
	});
	for (const id of new Set([...projectsOf(past).keys(), ...projectsOf(doc).keys()]))
		doc.transact(() => restoreProject(doc, past, id));
	doc.transact(() => {
		for (const id of stagesOf(doc).keys()) if (!stagesOf(past).has(id)) stagesOf(doc).delete(id);
	});
}

function restoreStage(doc: Y.Doc, past: Y.Doc, stageId: string): void {
	const then = stagesOf(past).get(stageId);
	if (!(then instanceof Y.Map)) return;
	const now = stagesOf(doc).get(stageId);
	const stage = now instanceof Y.Map ? now : new Y.Map<unknown>();
	if (stage === now) for (const key of Object.keys(STAGE_FIELDS)) restoreValue(stage, then, key);
	else {
		for (const [key, value] of then) stage.set(key, value);
		stagesOf(doc).set(stageId, stage);
	}
}

/** A project that was not there then goes; one that has gone comes back with all it held, under its own id. */
function restoreProject(doc: Y.Doc, past: Y.Doc, projectId: string): void {
	const then = projectsOf(past).get(projectId);
	const now = projectsOf(doc).get(projectId);
	if (!(then instanceof Y.Map)) return void (now && projectsOf(doc).delete(projectId));
	const project = now instanceof Y.Map ? now : new Y.Map<unknown>();
	// a map shows what was put into it only once it stands in a document
	if (project !== now) projectsOf(doc).set(projectId, project);
	for (const field of Object.keys(PROJECT_FIELDS)) restoreField(project, then, field);
	restorePlace(doc, past, projectId);
}

function restoreOneField(
	doc: Y.Doc,
	past: Y.Doc,
	{ projectId, field, member }: Extract<RestoreTarget, { kind: 'field' }>
): void {
	const [now, then] = [projectsOf(doc).get(projectId), projectsOf(past).get(projectId)];
	if (!(now instanceof Y.Map) || !(then instanceof Y.Map)) return;
	if (field === 'place') restorePlace(doc, past, projectId);
	else if (member === null) restoreField(now, then, field);
	else restoreValue(mapIn(now, field), asMap(then.get(field)), member);
}

/** Anything but the place, which depends on the stages there are. */
function restoreField(project: Y.Map<unknown>, past: Y.Map<unknown>, field: string): void {
	const spec = PROJECT_FIELDS[field];
	if (field === 'place' || !spec) return;
	if (spec.shape === 'value') return restoreValue(project, past, field);
	if (spec.shape === 'map') return restoreEntries(mapIn(project, field), asMap(past.get(field)));
	if (!(project.get(field) instanceof Y.XmlFragment)) project.set(field, new Y.XmlFragment());
	const then = past.get(field);
	restoreNotes(project.get(field) as Y.XmlFragment, then instanceof Y.XmlFragment ? then : undefined);
}

function restoreEntries(entries: Y.Map<unknown>, past: Y.Map<unknown> | undefined): void {
	for (const key of new Set([...entries.keys(), ...(past?.keys() ?? [])])) restoreValue(entries, past, key);
}

function restorePlace(doc: Y.Doc, past: Y.Doc, projectId: string): void {
	const [project, then] = [projectsOf(doc).get(projectId), projectsOf(past).get(projectId)];
	const place = then?.get('place') as { stage: string; order: string } | undefined;
	// a stage that has gone keeps its projects, should it come back
	if (!project || !place || isSameValue(project.get('place'), place)) return;
	const stage = standingStage(doc, past, place.stage);
	if (!isSameValue(project.get('place'), { ...place, stage })) project.set('place', { ...place, stage });
}

/**
 * The stage where what stood in a stage of the past belongs now: that stage, or if it has gone, the nearest before it
 * that is there, else the nearest behind it.
 */
export function standingStage(doc: Y.Doc, past: Y.Doc, stageId: string): string {
	const isThere = (id: string) => stagesOf(doc).has(id);
	if (isThere(stageId)) return stageId;
	const order = readStages(past).map(({ id }) => id);
	const at = order.indexOf(stageId);
	const nearest = order.slice(0, Math.max(at, 0)).findLast(isThere) ?? order.slice(at + 1).find(isThere);
	return nearest ?? readStages(doc)[0]?.id ?? stageId;
}

const asMap = (value: unknown) => (value instanceof Y.Map ? (value as Y.Map<unknown>) : undefined);

/** The set or list of a project; an empty one is made where there is none. */
function mapIn(project: Y.Map<unknown>, field: string): Y.Map<unknown> {
	const map = asMap(project.get(field));
	if (map) return map;
	project.set(field, new Y.Map<unknown>());
	return project.get(field) as Y.Map<unknown>;
}

/** Absent and null are one: what was never set needs no clearing. */
function restoreValue(map: Y.Map<unknown>, past: Y.Map<unknown> | undefined, key: string): void {
	const then = past?.get(key);
	if (isSameValue(map.get(key), then)) return;
	if (then === undefined) map.delete(key);
	else map.set(key, then);
}
