import * as Y from 'yjs';
import { isId } from '#domain/ids.ts';
import { META_FIELDS, PROJECT_FIELDS, ROOTS, STAGE_FIELDS, type FieldSpec } from '#doc/fields.ts';
import { MARKS, NODE_ATTRIBUTES, isSafeLink } from '#doc/rich-text.ts';
import type { Holder } from './board-picture.ts';

type Fields = Readonly<Record<string, FieldSpec>>;
type Problems = string[];

/** What in a document breaks the board format, found by reading all of it: independent of any inspection. */
export function problemsOf(doc: Y.Doc): string[] {
	const problems: Problems = [];
	for (const [name, root] of doc.share) {
		if (!(ROOTS as readonly string[]).includes(name)) problems.push(`root ${name}`);
		if (hasList(root)) problems.push(`${name} has list items`);
		for (const [key, value] of liveEntries(root)) checkRootEntry(problems, name, key, value);
	}
	return problems;
}

function checkRootEntry(problems: Problems, root: string, key: string, value: unknown): void {
	const path = `${root}/${key}`;
	if (root === 'meta') return checkField(problems, path, META_FIELDS[key], value);
	if (!isId(key)) problems.push(`${path} is no id`);
	checkFields(problems, path, root === 'stages' ? STAGE_FIELDS : PROJECT_FIELDS, value);
}

function checkFields(problems: Problems, path: string, fields: Fields, map: unknown): void {
	if (!(map instanceof Y.Map) || map.constructor !== Y.Map) return void problems.push(`${path} is no map`);
	if (hasList(map)) problems.push(`${path} has list items`);
	for (const [key, value] of liveEntries(map))
		checkField(problems, `${path}/${key}`, Object.hasOwn(fields, key) ? fields[key] : undefined, value);
}

function checkField(problems: Problems, path: string, spec: FieldSpec | undefined, value: unknown): void {
	if (!spec) return void problems.push(`${path} is unknown`);
	if (spec.shape === 'richtext') return checkNotes(problems, path, value);
	if (spec.shape === 'value') {
		const problem = spec.check(value);
		return problem ? void problems.push(`${path} ${problem}`) : undefined;
	}
	if (!(value instanceof Y.Map) || value.constructor !== Y.Map)
		return void problems.push(`${path} is no map`);
	if (hasList(value)) problems.push(`${path} has list items`);
	for (const [key, entry] of liveEntries(value)) {
		const problem = spec.key(key) ?? spec.value(entry);
		if (problem) problems.push(`${path}/${key} ${problem}`);
	}
}

function checkNotes(problems: Problems, path: string, notes: unknown): void {
	if (!(notes instanceof Y.XmlFragment) || notes.constructor !== Y.XmlFragment)
		return void problems.push(`${path} are no rich text`);
	if (notes._map.size > 0) problems.push(`${path} has attributes`);
	checkNodes(problems, path, notes);
}

function checkNodes(problems: Problems, path: string, parent: Y.XmlFragment): void {
	for (let item = parent._start; item !== null; item = item.right) {
		if (item.deleted) continue;
		const node: unknown = item.content instanceof Y.ContentType ? item.content.type : undefined;
		if (node instanceof Y.XmlText) checkText(problems, path, node);
		else if (node instanceof Y.XmlElement) checkElement(problems, path, node);
		else problems.push(`${path} has ${item.content.constructor.name} among its nodes`);
	}
}

function checkElement(problems: Problems, path: string, element: Y.XmlElement): void {
	const known = NODE_ATTRIBUTES[element.nodeName];
	if (!known) return void problems.push(`${path} has a node ${element.nodeName}`);
	for (const [key, value] of liveEntries(element)) {
		if (!known.includes(key)) problems.push(`${path} has an attribute ${key}`);
		if (typeof value === 'object' && value !== null)
			problems.push(`${path} has an attribute that is an object`);
	}
	checkNodes(problems, path, element);
}

function checkText(problems: Problems, path: string, text: Y.XmlText): void {
	if (text._map.size > 0) problems.push(`${path} has a text with keys`);
	for (let item = text._start; item !== null; item = item.right) {
		const { content } = item;
		if (item.deleted || (content instanceof Y.ContentString && content.str.isWellFormed())) continue;
		if (content instanceof Y.ContentFormat && isMark(content)) continue;
		problems.push(`${path} has ${content.constructor.name} in a text`);
	}
}

function isMark({ key, value }: Y.ContentFormat): boolean {
	const name = key.split('--')[0]!;
	if (!MARKS.includes(name)) return false;
	return name !== 'link' || value === null || isSafeLink((value as { href?: unknown }).href);
}

function liveEntries(type: Holder): [string, unknown][] {
	return [...type._map]
		.filter(([, item]) => !item.deleted)
		.map(([key, item]) => [key, item.content.getContent().at(-1) as unknown]);
}

function hasList(type: Holder): boolean {
	return type._start !== null;
}
