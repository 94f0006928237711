import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { LABEL_MAX_CHARS, NOTES_DEPTH_MAX, NOTES_MAX_CHARS } from '#domain/limits.ts';

/** Containers of the document around the notes: they count in its depth. */
const DEPTH_AROUND = 4;
const DEPTH_MAX = NOTES_DEPTH_MAX - DEPTH_AROUND;

const isShort = (value: unknown) => typeof value !== 'string' || value.length <= LABEL_MAX_CHARS;

function fits(node: Node, depth: number): boolean {
	if (depth > DEPTH_MAX || !Object.values(node.attrs).every(isShort)) return false;
	return node.children.every((child) => fits(child, depth + 1));
}

/** Keeps the notes within what the document takes: what would not fit is not put in, and `onfull` is told. */
export function bounds(onfull: () => void): Plugin {
	return new Plugin({
		key: new PluginKey('bounds'),
		filterTransaction(change, state) {
			if (!change.docChanged || change.getMeta(ySyncPluginKey) !== undefined) return true;
			const { size } = change.doc.content; // each block counts for two, so that it is never too few
			const grows = size > state.doc.content.size;
			const passes = (size <= NOTES_MAX_CHARS || !grows) && (!grows || fits(change.doc, 0));
			if (!passes) onfull();
			return passes;
		}
	});
}
