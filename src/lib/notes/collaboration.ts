import { Extension } from '@tiptap/core';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { bind } from './binding.ts';
import { bounds } from './bounds.ts';
import { type CaretOwner, caretAwareness, caretOf, endsOf, selectionOf } from './carets.ts';

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
	/** Told when something was not put in because the notes would become too long or too deep. */
	onfull: () => void;
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
				getSelection: endsOf,
				cursorBuilder: caretOf,
				selectionBuilder: selectionOf
			}),
			bounds(on.onfull)
		]
	});
}
