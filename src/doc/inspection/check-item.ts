import * as Y from 'yjs';
import { isId } from '#domain/ids.ts';
import { Refusal } from '#domain/refusal.ts';
import { META_FIELDS, PROJECT_FIELDS, ROOTS, STAGE_FIELDS, type FieldSpec } from '../fields.ts';
import type { Path } from './places.ts';
import { checkRichText } from './check-rich-text.ts';

const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

function refuse(path: Path, message: string): never {
	throw new Refusal('schema', `${path.join('.')} ${message}`, { path });
}

function assertMap(item: Y.Item, path: Path): void {
	if (!(item.content instanceof Y.ContentType) || !(item.content.type instanceof Y.Map))
		refuse(path, 'is not a map');
}

/** The one plain value an item sets under its key. */
function valueOf(item: Y.Item, path: Path): unknown {
	const { content } = item;
	if (!(content instanceof Y.ContentAny) || content.arr.length !== 1) refuse(path, 'is not one plain value');
	return content.arr[0];
}

function checkField(item: Y.Item, path: Path, fields: Readonly<Record<string, FieldSpec>>): void {
	const key = path.at(-1)!;
	const spec = Object.hasOwn(fields, key) ? fields[key] : undefined;
	if (!spec) refuse(path, 'is not a key of this format');
	if (spec.shape === 'map') return assertMap(item, path);
	if (spec.shape === 'richtext') {
		const isFragment =
			item.content instanceof Y.ContentType && item.content.type.constructor === Y.XmlFragment;
		return isFragment ? undefined : refuse(path, 'is not rich text');
	}
	const problem = spec.check(valueOf(item, path));
	return problem ? refuse(path, problem) : undefined;
}

function checkEntry(item: Y.Item, path: Path): void {
	const [, , field = '', key = ''] = path;
	const spec = PROJECT_FIELDS[field];
	if (spec?.shape !== 'map') return refuse(path, 'is not a key of this format');
	const problem = spec.key(key) ?? spec.value(valueOf(item, path));
	return problem ? refuse(path, problem) : undefined;
}

/** The last container an item's own place adds to must take items of its kind: keys in maps, none in lists. */
function assertKeyed(item: Y.Item, path: Path): void {
	if (item.parentSub === null && path.at(-1) === '') refuse(path, 'is a list item in a map');
}

/**
 * Holds one new item against the rules of the document format.
 * @throws {Refusal} `schema` with the path
 */
export function checkItem(item: Y.Item, path: Path): void {
	if (item.content instanceof Y.ContentDoc) refuse(path, 'is a document in a document');
	if (path.some((key) => RESERVED_KEYS.has(key))) refuse(path, 'has a reserved key');
	const [root = '', id = '', field] = path;
	if (!ROOTS.includes(root as (typeof ROOTS)[number])) refuse(path, 'is not a root of this format');
	if (path.length < 2 || id === '') refuse(path, 'is not a keyed entry');
	if (item.content instanceof Y.ContentDeleted) return;
	if (root === 'projects' && field === 'notes' && path.length > 3) return checkRichText(item, path);
	assertKeyed(item, path);
	if (root === 'meta')
		return path.length === 2 ? checkField(item, path, META_FIELDS) : refuse(path, 'is too deep');
	if (path.length === 2) return isId(id) ? assertMap(item, path) : refuse(path, 'is not an id');
	if (root === 'stages')
		return path.length === 3 ? checkField(item, path, STAGE_FIELDS) : refuse(path, 'is too deep');
	if (path.length === 3) return checkField(item, path, PROJECT_FIELDS);
	return path.length === 4 ? checkEntry(item, path) : refuse(path, 'is too deep');
}
