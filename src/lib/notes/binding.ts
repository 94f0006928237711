import type { EditorState, Plugin } from '@tiptap/pm/state';
import { ySyncPlugin, ySyncPluginKey } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

/** Origin of the document's transactions in which the editor writes. */
export const EDITOR_ORIGIN: unknown = ySyncPluginKey;

/** What the binding's own plugin keeps beside the editor's state. */
interface BindingState {
	/** The last change came from the document and not from this person's hands. */
	isChangeOrigin: boolean;
	/** `mux` does something of which the binding is not told. */
	binding: { mux(does: () => void): void };
}

const bindingOf = (state: EditorState) => ySyncPluginKey.getState(state) as BindingState;

/** Blocks whose content is text. */
const TEXT_BLOCKS = new Set(['paragraph', 'heading', 'codeBlock']);

/**
 * Gives each empty block a text to write in. Without one, two people who write into it at the same moment make a text
 * each, which the binding then has to merge, and somebody's caret is lost.
 */
function makeTexts(parent: Y.XmlFragment): void {
	for (const child of parent.toArray()) {
		if (!(child instanceof Y.XmlElement)) continue;
		if (!TEXT_BLOCKS.has(child.nodeName)) makeTexts(child);
		else if (child.length === 0) child.insert(0, [new Y.XmlText()]);
	}
}

/**
 * The binding of editor and document. The original writes to the document after every change of the view, also of the
 * focus alone, and then puts in what it finds missing there; this one only writes what somebody here did to the text.
 */
export function bind(fragment: Y.XmlFragment): Plugin {
	const plugin = ySyncPlugin(fragment) as Plugin;
	const makeView = plugin.spec.view!;
	plugin.spec.view = (view) => {
		const inner = makeView(view);
		return {
			...inner,
			update(current, before) {
				const { isChangeOrigin, binding } = bindingOf(current.state);
				if (before.doc === current.state.doc || isChangeOrigin) return;
				inner.update?.(current, before);
				binding.mux(() => fragment.doc?.transact(() => makeTexts(fragment), EDITOR_ORIGIN));
			}
		};
	};
	return plugin;
}
