import { Extension } from '@tiptap/core';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { yCursorPlugin, ySyncPlugin, ySyncPluginKey } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { NOTES_MAX_CHARS } from '#domain/limits.ts';
import { type CaretOwner, caretAwareness, caretOf, selectionOf } from './carets.ts';

/** Origin of the document's transactions in which the editor writes. */
export const EDITOR_ORIGIN: unknown = ySyncPluginKey;

export interface Collaboration {
	fragment: Y.XmlFragment;
	awareness: Awareness;
	/** The others whose carets may be shown. */
	owners: () => readonly CaretOwner[];
	/** The page's own undo and redo: notes and board are one stack. */
	onundo: () => void;
	onredo: () => void;
	/** Told when the person leaves the text with Esc. */
	onleave: () => void;
	/** Told when something was not put in because the notes would become too long. */
	onfull: () => void;
}

/** Tells whether the last change came from the document and not from this person's hands. */
const isRemote = (state: EditorState): boolean =>
	(ySyncPluginKey.getState(state) as { isChangeOrigin: boolean }).isChangeOrigin;

/**
 * The binding of editor and document. The original writes to the document after every change of the view, also of the
 * focus alone, and then puts in what it finds missing there; this one only writes what somebody here did to the text.
 */
function bind(fragment: Y.XmlFragment): Plugin {
	const plugin = ySyncPlugin(fragment) as Plugin;
	const makeView = plugin.spec.view!;
	plugin.spec.view = (view) => {
		const inner = makeView(view);
		return {
			...inner,
			update(current, before) {
				if (before.doc !== current.state.doc && !isRemote(current.state)) inner.update?.(current, before);
			}
		};
	};
	return plugin;
}

/** Keeps the notes within what the document takes. */
function bound(onfull: () => void): Plugin {
	const fits = (change: Transaction, { doc }: EditorState) => {
		const { size } = change.doc.content;
		return (
			size <= NOTES_MAX_CHARS || size <= doc.content.size || change.getMeta(ySyncPluginKey) !== undefined
		);
	};
	return new Plugin({
		key: new PluginKey('bound'),
		filterTransaction(change, state) {
			const passes = !change.docChanged || fits(change, state);
			if (!passes) onfull();
			return passes;
		}
	});
}

/** Many people in one text: their words, their carets, one's own undo. */
export function collaboration({ fragment, awareness, owners, ...on }: Collaboration): Extension {
	const run = (does: () => void) => () => {
		does();
		return true;
	};
	return Extension.create({
		name: 'collaboration',
		priority: 1_000,
		addKeyboardShortcuts: () => ({
			'Mod-z': run(on.onundo),
			'Mod-y': run(on.onredo),
			'Shift-Mod-z': run(on.onredo),
			Escape: run(on.onleave)
		}),
		addProseMirrorPlugins: () => [
			bind(fragment),
			yCursorPlugin(caretAwareness(awareness, owners), {
				cursorBuilder: caretOf,
				selectionBuilder: selectionOf
			}),
			bound(on.onfull)
		]
	});
}
