import * as Y from 'yjs';

/** A mark on a piece of text: bold, a link and where it leads. */
export interface RichTextMark {
	type: string;
	attrs: Record<string, unknown>;
}

/** One node of notes as plain values, in the shape rich text editors exchange: text, or an element with content. */
export interface RichTextNode {
	/** `text`, or the element's name: paragraph, heading, listItem … */
	type: string;
	text?: string;
	marks?: RichTextMark[];
	attrs?: Record<string, unknown>;
	content?: RichTextNode[];
}

/** Marks that may overlap themselves carry a digest after their name. */
const DIGEST = /--[\w+/=]+$/;

function marksOf(attributes: Record<string, unknown>): RichTextMark[] {
	return Object.entries(attributes).map(([key, value]) => ({
		type: key.replace(DIGEST, ''),
		attrs: typeof value === 'object' && value !== null ? { ...value } : {}
	}));
}

/** A run of text as the document keeps it: an embedded object has none. */
type Run = { insert: unknown; attributes?: Record<string, unknown> };

function readText(text: Y.XmlText): RichTextNode[] {
	return (text.toDelta() as Run[]).flatMap(({ insert, attributes }) => {
		if (typeof insert !== 'string') return [];
		return [{ type: 'text', text: insert, marks: marksOf(attributes ?? {}) }];
	});
}

/** The nodes of notes, as they stand there; what is no text and no element is passed over. */
export function readRichText(parent: Y.XmlFragment): RichTextNode[] {
	return parent.toArray().flatMap((child): RichTextNode[] => {
		if (child instanceof Y.XmlText) return readText(child);
		if (!(child instanceof Y.XmlElement)) return [];
		return [{ type: child.nodeName, attrs: child.getAttributes(), content: readRichText(child) }];
	});
}
