import { Editor, getSchema } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import type * as Y from 'yjs';
import { readRichText } from '#doc/read-rich-text.ts';
import { type Collaboration, collaboration } from './collaboration.ts';
import { mayLink } from './link-address.ts';

/** Nodes and marks of notes: those the document takes, and no others. */
const TEXT = StarterKit.configure({
	undoRedo: false,
	trailingNode: false,
	dropcursor: { color: 'var(--accent)', width: 2 },
	link: {
		openOnClick: false,
		isAllowedUri: mayLink,
		defaultProtocol: 'https'
	}
});

export interface NotesEditorOptions extends Collaboration {
	element: HTMLElement;
	/** Attributes of the element one writes in: its name, its description. */
	attributes: Record<string, string>;
}

/** Makes an editor on the notes of a document, in an element. */
export function createNotesEditor({ element, attributes, ...rest }: NotesEditorOptions): Editor {
	return new Editor({
		element,
		injectCSS: false,
		extensions: [TEXT, collaboration(rest)],
		editorProps: { attributes: { class: 'rich-text', ...attributes } }
	});
}

/**
 * Tells whether the editor can show everything that stands in notes. It would take out what it cannot, so that notes
 * another program wrote must be looked at first.
 */
export function canShow(fragment: Y.XmlFragment): boolean {
	const content = readRichText(fragment);
	if (content.length === 0) return true;
	try {
		getSchema([TEXT]).nodeFromJSON({ type: 'doc', content }).check();
		return true;
	} catch {
		return false;
	}
}
