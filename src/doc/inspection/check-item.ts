import * as Y from 'yjs';
import { isId } from '#domain/ids.ts';
import type { Check } from '../checks.ts';
import { META_FIELDS, PROJECT_FIELDS, STAGE_FIELDS, type FieldSpec } from '../fields.ts';
import { checkRichText } from './check-rich-text.ts';
import type { Place } from './container.ts';
import { refuse } from './refuse.ts';

const MAP: FieldSpec = { shape: 'map', key: () => null, value: () => null };

/**
 * Holds one new item against the rules of the document format.
 * @throws {Refusal} `schema` with the path
 */
export function checkItem({ content }: Y.Item, place: Place): void {
	if (place.container.kind === 'rich text') return checkRichText(content, place);
	const spec = specOf(place);
	if (content instanceof Y.ContentDeleted) return;
	if (spec.shape === 'value') return checkValues(content, place, spec.check);
	if (!isOfShape(content, spec.shape)) refuse(place, `is not a ${spec.shape}`);
}

/** A client that keeps values to undo them sends those it set one after the other as one item; the last one counts. */
function checkValues(content: Y.Item['content'], place: Place, check: Check): void {
	if (!(content instanceof Y.ContentAny)) return refuse(place, 'is not a plain value');
	for (const value of content.arr) {
		const problem = check(value);
		if (problem) refuse(place, problem);
	}
}

/** What may stand at a place in a map. @throws {Refusal} `schema` if nothing may */
function specOf(place: Place): FieldSpec {
	const { key } = place;
	const [root, id, field] = place.container.path;
	if (key === null) return refuse(place, 'holds list items, but is a map');
	if (root === 'meta') return fieldOf(META_FIELDS, place);
	if (id === undefined) return isId(key) ? MAP : refuse(place, 'is not an id');
	if (field !== undefined) return entryOf(PROJECT_FIELDS[field], key, place);
	return fieldOf(root === 'stages' ? STAGE_FIELDS : PROJECT_FIELDS, place);
}

function fieldOf(fields: Readonly<Record<string, FieldSpec>>, place: Place): FieldSpec {
	const key = place.key!;
	const spec = Object.hasOwn(fields, key) ? fields[key] : undefined;
	return spec ?? refuse(place, 'is not a key of this format');
}

function entryOf(field: FieldSpec | undefined, key: string, place: Place): FieldSpec {
	if (field?.shape !== 'map') return refuse(place, 'is not a key of this format');
	const problem = field.key(key);
	return problem ? refuse(place, problem) : { shape: 'value', check: field.value };
}

function isOfShape(content: Y.Item['content'], shape: 'map' | 'richtext'): boolean {
	if (!(content instanceof Y.ContentType)) return false;
	return content.type.constructor === (shape === 'map' ? Y.Map : Y.XmlFragment);
}
