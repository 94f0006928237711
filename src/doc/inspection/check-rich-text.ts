import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { Path } from './places.ts';

/** Nodes and marks the notes' editor can make; anything else could not be shown. */
const NODES = new Set([
	'paragraph',
	'heading',
	'bulletList',
	'orderedList',
	'listItem',
	'blockquote',
	'codeBlock',
	'horizontalRule',
	'hardBreak'
]);
const MARKS = new Set(['bold', 'italic', 'strike', 'code', 'underline', 'link', 'ychange']);
/** Marks that may overlap themselves carry a digest after their name. */
const MARK_NAME = /^([a-z]+)(?:--[\w+/=]{1,16})?$/i;
const ATTRIBUTE_MAX_CHARS = 2_000;
const SAFE_LINK = /^(?:https?:|mailto:)/i;

function refuse(path: Path, message: string): never {
	throw new Refusal('schema', `${path.slice(0, 3).join('.')} ${message}`, { path: path.slice(0, 3) });
}

function checkMark(key: string, value: unknown, path: Path): void {
	const name = MARK_NAME.exec(key)?.[1] ?? '';
	if (!MARKS.has(name)) refuse(path, 'holds an unknown mark');
	if (value === null) return;
	if (JSON.stringify(value).length > ATTRIBUTE_MAX_CHARS) refuse(path, 'holds too large a mark');
	const href = (value as { href?: unknown }).href;
	if (name === 'link' && !(typeof href === 'string' && SAFE_LINK.test(href)))
		refuse(path, 'holds a link that is not http, https or mailto');
}

function checkAttribute(item: Y.Item, path: Path): void {
	if (!(item.content instanceof Y.ContentAny)) refuse(path, 'holds an attribute that is no plain value');
	if (JSON.stringify(item.content.arr).length > ATTRIBUTE_MAX_CHARS)
		refuse(path, 'holds too long an attribute');
}

/**
 * Holds one new item inside of notes against what the editor can make.
 * @throws {Refusal} `schema` with the path of the notes
 */
export function checkRichText(item: Y.Item, path: Path): void {
	const { content } = item;
	if (item.parentSub !== null) return checkAttribute(item, path);
	if (content instanceof Y.ContentString) return;
	if (content instanceof Y.ContentFormat) return checkMark(content.key, content.value, path);
	if (!(content instanceof Y.ContentType)) return refuse(path, 'holds something that is no rich text');
	const { type } = content;
	if (type instanceof Y.XmlText) return;
	if (type instanceof Y.XmlElement && NODES.has(type.nodeName)) return;
	return refuse(path, 'holds an unknown node');
}
