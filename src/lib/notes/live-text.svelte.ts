import type * as Y from 'yjs';
import { type RichTextNode, readRichText } from '#doc/read-rich-text.ts';

/** The nodes of rich text, alive. What they last were stays readable when the text is taken out of the document. */
export class LiveText {
	#nodes = $state.raw<readonly RichTextNode[]>([]);

	get nodes(): readonly RichTextNode[] {
		return this.#nodes;
	}

	/** Follows a text; returns how to stop. */
	follow(text: Y.XmlFragment): () => void {
		const read = () => {
			this.#nodes = readRichText(text);
		};
		read();
		text.observeDeep(read);
		return () => text.unobserveDeep(read);
	}
}
