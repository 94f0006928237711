import * as Y from 'yjs';
import type { ChangeValue } from '#domain/change.ts';
import type { ChangedPlace } from '#domain/clash.ts';
import { Refusal } from '#domain/refusal.ts';
import { META_FIELDS, PROJECT_FIELDS, STAGE_FIELDS, type FieldSpec } from './fields.ts';
import { assertStage, setIfChanged } from './mutators.ts';
import { metaOf, projectsOf, stagesOf } from './schema.ts';

/** A value, and the place on a board it once stood in or would have stood in. */
export interface ValueAtPlace {
	place: ChangedPlace;
	/** Null clears the place. */
	value: ChangeValue;
}

/**
 * Puts a value into its place: an edit like any other.
 * @returns false if the place is not on the board any more
 * @throws {Refusal} `schema` if it breaks its rule, or if the stage a project would go to is gone
 */
export function chooseValue(doc: Y.Doc, { place, value }: ValueAtPlace, origin?: unknown): boolean {
	const [map, key] = holderOf(doc, place);
	if (!map) return false;
	const spec = specOf(place);
	if (spec?.shape !== 'value') throw new Refusal('schema', `${key} holds no plain value`, { path: [key] });
	const problem = spec.check(value);
	if (problem && value !== null) throw new Refusal('schema', `${key} ${problem}`, { path: [key] });
	if (place.field === 'place') assertStage(doc, (value as { stage: string }).stage);
	doc.transact(() => {
		if (problem) map.delete(key);
		else setIfChanged(map, key, value);
	}, origin);
	return true;
}

/** The map a place is in, and its key there. */
function holderOf(
	doc: Y.Doc,
	{ projectId, stageId, field, member }: ChangedPlace
): [Y.Map<unknown> | undefined, string] {
	const asMap = (value: unknown) => (value instanceof Y.Map ? (value as Y.Map<unknown>) : undefined);
	if (stageId !== null) return [asMap(stagesOf(doc).get(stageId)), field ?? ''];
	if (projectId === null) return [metaOf(doc), field ?? ''];
	const project = asMap(projectsOf(doc).get(projectId));
	return member === null ? [project, field ?? ''] : [asMap(project?.get(field ?? '')), member];
}

function specOf({ projectId, stageId, field, member }: ChangedPlace): FieldSpec | undefined {
	const fields = projectId !== null ? PROJECT_FIELDS : stageId !== null ? STAGE_FIELDS : META_FIELDS;
	const spec = field !== null && Object.hasOwn(fields, field) ? fields[field] : undefined;
	if (member === null || spec?.shape !== 'map') return spec;
	return { shape: 'value', check: spec.value };
}
