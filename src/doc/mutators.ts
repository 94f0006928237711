import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { Project, Stage } from '#domain/board.ts';
import { byOrder } from '#domain/board.ts';
import type { Template } from '#domain/stages.ts';
import { META_FIELDS, PROJECT_FIELDS, STAGE_FIELDS, type FieldSpec } from './fields.ts';
import { isOrderKey, orderKeyAt } from './order-key.ts';
import { readStages } from './read-board.ts';
import { metaOf, projectsOf, SCHEMA_VERSION, stagesOf } from './schema.ts';

/** Keys of a project that hold one plain value and may be set by `setField`; `place` moves by `moveProject`. */
export type ValueField = Exclude<
	keyof Project,
	'id' | 'stage' | 'order' | 'cities' | 'counties' | 'evidence' | 'figures' | 'dependencies' | 'hasNotes'
>;
export type MapField = 'cities' | 'counties' | 'evidence' | 'figures' | 'dependencies';

/** A project as it enters a board; what is absent stays unset. */
export type NewProject = Partial<Pick<Project, ValueField>> &
	Pick<Project, 'name' | 'sector'> & { [field in MapField]?: Record<string, unknown> };

function checked(fields: Readonly<Record<string, FieldSpec>>, key: string, value: unknown): unknown {
	const spec = Object.hasOwn(fields, key) ? fields[key] : undefined;
	if (spec?.shape !== 'value')
		throw new Refusal('schema', `${key} is not a field with one value`, { path: [key] });
	const problem = spec.check(value);
	if (problem) throw new Refusal('schema', `${key} ${problem}`, { path: [key] });
	return value;
}

function checkedEntry(field: string, key: string, value: unknown): unknown {
	const spec = Object.hasOwn(PROJECT_FIELDS, field) ? PROJECT_FIELDS[field] : undefined;
	if (spec?.shape !== 'map') throw new Refusal('schema', `${field} is not a set or list`, { path: [field] });
	const problem = spec.key(key) ?? spec.value(value);
	if (problem) throw new Refusal('schema', `${field}.${key} ${problem}`, { path: [field, key] });
	return value;
}

/** Keys of the projects in a stage from the top, without one project. */
function orderKeysIn(doc: Y.Doc, stageId: string, withoutId: string): string[] {
	const places: { id: string; order: string }[] = [];
	for (const [id, project] of projectsOf(doc)) {
		const place =
			project instanceof Y.Map ? (project.get('place') as { stage?: unknown; order?: unknown }) : undefined;
		if (id !== withoutId && place?.stage === stageId && isOrderKey(place.order))
			places.push({ id, order: place.order });
	}
	return places.sort(byOrder).map((place) => place.order);
}

/** @throws {Refusal} `schema` for a stage the board does not have */
export function assertStage(doc: Y.Doc, stageId: string): void {
	if (!stagesOf(doc).has(stageId))
		throw new Refusal('schema', `there is no stage ${stageId}`, { path: ['place', 'stage'] });
}

/** A stage as it enters a board; without an order key it goes where its place in the list is. */
type NewStage = Omit<Stage, 'order'> & { order?: string | undefined };

/** Lays out an empty board: title, template and its stages, in one transaction. */
export function initBoard(
	doc: Y.Doc,
	board: { title: string; template: Template; stages: NewStage[] },
	origin?: unknown
): void {
	doc.transact(() => {
		const meta = metaOf(doc);
		meta.set('title', checked(META_FIELDS, 'title', board.title));
		meta.set('template', checked(META_FIELDS, 'template', board.template));
		meta.set('schema', SCHEMA_VERSION);
		board.stages.forEach((stage, index) => insertStage(doc, stage, index));
	}, origin);
}

function insertStage(doc: Y.Doc, stage: NewStage, index: number): void {
	const keys = readStages(doc).map((other) => other.order);
	const order = stage.order ?? orderKeyAt(keys, Math.min(index, keys.length));
	const map = new Y.Map<unknown>();
	map.set('name', checked(STAGE_FIELDS, 'name', stage.name));
	map.set('nameEn', checked(STAGE_FIELDS, 'nameEn', stage.nameEn));
	map.set('order', checked(STAGE_FIELDS, 'order', order));
	stagesOf(doc).set(stage.id, map);
}

/** Adds a stage at `index` from the left; a stage with that id stays as it is. */
export function addStage(
	doc: Y.Doc,
	add: { stage: Omit<Stage, 'order'>; index: number },
	origin?: unknown
): void {
	doc.transact(() => {
		if (!stagesOf(doc).has(add.stage.id)) insertStage(doc, add.stage, add.index);
	}, origin);
}

/** Renames a stage in both languages. */
export function renameStage(
	doc: Y.Doc,
	rename: { stageId: string; name: string; nameEn: string },
	origin?: unknown
): void {
	doc.transact(() => {
		const stage = stagesOf(doc).get(rename.stageId);
		if (!stage) return; // removed by someone else meanwhile
		setIfChanged(stage, 'name', checked(STAGE_FIELDS, 'name', rename.name));
		setIfChanged(stage, 'nameEn', checked(STAGE_FIELDS, 'nameEn', rename.nameEn));
	}, origin);
}

/**
 * Puts a new project into a stage at `index` from the top (the library's records enter the same way).
 * @param add.order its order key where that is known already, as when a whole board is read from a file
 * @throws {Refusal} `conflict` if the id is taken, `schema` if a value breaks its rule or the stage is unknown
 */
export function addProject(
	doc: Y.Doc,
	add: { projectId: string; stageId: string; index: number; order?: string; fields: NewProject },
	origin?: unknown
): void {
	doc.transact(() => {
		assertStage(doc, add.stageId);
		if (projectsOf(doc).has(add.projectId)) {
			throw new Refusal('conflict', `project ${add.projectId} is on the board already`);
		}
		const order = add.order ?? orderKeyAtIndex(doc, add);
		const project = newProjectMap(add.fields);
		project.set('place', checked(PROJECT_FIELDS, 'place', { stage: add.stageId, order }));
		projectsOf(doc).set(add.projectId, project);
	}, origin);
}

function orderKeyAtIndex(doc: Y.Doc, place: { projectId: string; stageId: string; index: number }): string {
	const keys = orderKeysIn(doc, place.stageId, place.projectId);
	return orderKeyAt(keys, Math.min(place.index, keys.length));
}

function newProjectMap(fields: NewProject): Y.Map<unknown> {
	const project = new Y.Map<unknown>();
	for (const [key, spec] of Object.entries(PROJECT_FIELDS)) {
		const value = (fields as Record<string, unknown>)[key];
		if (spec.shape === 'richtext') project.set(key, new Y.XmlFragment());
		else if (spec.shape === 'map')
			project.set(key, newEntries(key, (value ?? {}) as Record<string, unknown>));
		else if (value !== undefined && value !== null) project.set(key, checked(PROJECT_FIELDS, key, value));
	}
	return project;
}

function newEntries(field: string, entries: Record<string, unknown>): Y.Map<unknown> {
	const map = new Y.Map<unknown>();
	for (const [key, value] of Object.entries(entries)) map.set(key, checkedEntry(field, key, value));
	return map;
}

/** Moves a project to `index` (from the top, not counting itself) of a stage: one register, so a move is whole. */
export function moveProject(
	doc: Y.Doc,
	move: { projectId: string; stageId: string; index: number },
	origin?: unknown
): void {
	doc.transact(() => {
		const project = projectsOf(doc).get(move.projectId);
		if (!project) return; // removed by someone else meanwhile
		assertStage(doc, move.stageId);
		const keys = orderKeysIn(doc, move.stageId, move.projectId);
		const order = orderKeyAt(keys, Math.max(0, Math.min(move.index, keys.length)));
		project.set('place', { stage: move.stageId, order });
	}, origin);
}

/** Sets one plain value of a project; setting what it already is writes nothing. */
export function setField(
	doc: Y.Doc,
	set: { projectId: string; field: ValueField; value: Project[ValueField] },
	origin?: unknown
): void {
	doc.transact(() => {
		const value = checked(PROJECT_FIELDS, set.field, set.value);
		const project = projectsOf(doc).get(set.projectId);
		if (project) setIfChanged(project, set.field, value);
	}, origin);
}

/** Sets (`value`) or removes (`undefined`) one entry of a project's set or list of records. */
export function setEntry(
	doc: Y.Doc,
	set: { projectId: string; field: MapField; key: string; value: unknown },
	origin?: unknown
): void {
	doc.transact(() => {
		if (set.value !== undefined) checkedEntry(set.field, set.key, set.value);
		const project = projectsOf(doc).get(set.projectId);
		if (!project) return; // removed by someone else meanwhile
		const map = project.get(set.field);
		if (map instanceof Y.Map) setEntryOf(map, set.key, set.value);
		else if (set.value !== undefined) project.set(set.field, newEntries(set.field, { [set.key]: set.value }));
	}, origin);
}

function setEntryOf(map: Y.Map<unknown>, key: string, value: unknown): void {
	if (value === undefined) map.delete(key);
	else setIfChanged(map, key, value);
}

/** Leaving a field without a change must not become an edit that overwrites a colleague's. */
export function setIfChanged(map: Y.Map<unknown>, key: string, value: unknown): void {
	if (JSON.stringify(map.get(key)) !== JSON.stringify(value)) map.set(key, value);
}

/** Takes a project off the board; its past stays in the history. */
export function removeProject(doc: Y.Doc, projectId: string, origin?: unknown): void {
	doc.transact(() => projectsOf(doc).delete(projectId), origin);
}

/** Gives a project an empty rich text to write notes in, where an older document has none. */
export function ensureNotes(doc: Y.Doc, projectId: string, origin?: unknown): void {
	doc.transact(() => {
		const project = projectsOf(doc).get(projectId);
		if (project && !(project.get('notes') instanceof Y.XmlFragment))
			project.set('notes', new Y.XmlFragment());
	}, origin);
}

/** Renames the board. */
export function setTitle(doc: Y.Doc, title: string, origin?: unknown): void {
	doc.transact(() => setIfChanged(metaOf(doc), 'title', checked(META_FIELDS, 'title', title)), origin);
}
