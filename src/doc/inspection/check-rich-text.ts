import * as Y from 'yjs';
import { LABEL_MAX_CHARS } from '#domain/limits.ts';
import { NODE_ATTRIBUTES, isSafeLink, MARKS } from '../rich-text.ts';
import type { Place } from './container.ts';
import { refuse } from './refuse.ts';

/** Marks that may overlap themselves carry a digest after their name. */
const MARK_NAME = /^([a-z]+)(?:--[\w+/=]{1,16})?$/i;

type Content = Y.Item['content'];

/**
 * Holds one new item inside of notes against what the editor can make.
 * @throws {Refusal} `schema` with the path of the notes
 */
export function checkRichText(content: Content, place: Place): void {
	const { type } = place.container;
	if (place.key !== null) checkAttribute(content, place);
	else if (content instanceof Y.ContentDeleted) return;
	else if (type instanceof Y.XmlText) checkText(content, place);
	else checkNode(content, place);
}

function checkAttribute(content: Content, place: Place): void {
	const { type } = place.container;
	const allowed = type instanceof Y.XmlElement ? NODE_ATTRIBUTES[type.nodeName] : undefined;
	if (!allowed?.includes(place.key!)) refuse(place, 'hold an unknown attribute');
	if (content instanceof Y.ContentDeleted) return;
	if (!(content instanceof Y.ContentAny) || !content.arr.every(isScalar))
		refuse(place, 'hold an attribute that is no short plain value');
}

function isScalar(value: unknown): boolean {
	if (typeof value === 'string') return value.length <= LABEL_MAX_CHARS;
	return typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined;
}

function checkText(content: Content, place: Place): void {
	if (content instanceof Y.ContentFormat) checkMark(content, place);
	else if (!(content instanceof Y.ContentString)) refuse(place, 'hold something in a text that is no text');
	else if (content.str.includes('\0')) refuse(place, 'hold a NUL character');
}

function checkMark({ key, value }: Y.ContentFormat, place: Place): void {
	const name = MARK_NAME.exec(key)?.[1] ?? '';
	if (!MARKS.includes(name)) refuse(place, 'hold an unknown mark');
	if (value === null) return;
	if (name === 'link' && !isSafeLink((value as { href?: unknown }).href))
		refuse(place, 'hold a link that is not http, https or mailto');
	const parts = typeof value === 'object' ? Object.values(value) : [value];
	if (Array.isArray(value) || parts.some((part) => typeof part === 'object' && part !== null))
		refuse(place, 'hold a mark that is no flat record');
}

function checkNode(content: Content, place: Place): void {
	if (!(content instanceof Y.ContentType)) return refuse(place, 'hold text outside of a text');
	const { type } = content;
	const isNode = type instanceof Y.XmlElement && Object.hasOwn(NODE_ATTRIBUTES, type.nodeName);
	if (!isNode && !(type instanceof Y.XmlText)) refuse(place, 'hold an unknown node');
}
