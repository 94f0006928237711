import * as Y from 'yjs';
import { isSameValue } from '#domain/same-value.ts';
import { ROOTS } from './fields.ts';
import { readBoard } from './read-board.ts';
import { newRichText, richTextValues } from './rich-text-values.ts';

/** A document with a board's content and nothing of its past, written by one Yjs client in one go. */
export function freshCopy(doc: Y.Doc, clientId: number): Y.Doc {
	const fresh = new Y.Doc();
	fresh.clientID = clientId;
	fresh.transact(() => {
		for (const root of ROOTS)
			for (const [key, value] of doc.getMap(root)) fresh.getMap(root).set(key, copyOf(value));
	});
	return fresh;
}

/** Plain values are shared between the two: neither document ever changes one in place. */
function copyOf(value: unknown): unknown {
	if (value instanceof Y.Map) {
		const map = new Y.Map<unknown>();
		for (const [key, entry] of value) map.set(key, copyOf(entry));
		return map;
	}
	if (!(value instanceof Y.XmlFragment)) return value;
	const fragment = new Y.XmlFragment();
	fragment.insert(0, newRichText(richTextValues(value)));
	return fragment;
}

/** Whether two documents hold the very same board: what people are shown of it, and all that it is made of. */
export function hasSameContent(one: Y.Doc, other: Y.Doc): boolean {
	const isAlike = ROOTS.every((root) => isSameContent(one.getMap(root), other.getMap(root)));
	return isAlike && isSameValue(readBoard(one), readBoard(other));
}

function isSameContent(one: unknown, other: unknown): boolean {
	if (one instanceof Y.Map)
		return (
			other instanceof Y.Map &&
			one.size === other.size &&
			[...one].every(([key, value]) => other.has(key) && isSameContent(value, other.get(key)))
		);
	if (one instanceof Y.XmlFragment)
		return other instanceof Y.XmlFragment && isSameValue(richTextValues(one), richTextValues(other));
	return isSameValue(one, other);
}
