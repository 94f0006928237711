/**
 * What notes are made of, and nothing else: the nodes with the attributes each may have, and the marks.
 * Editor, reader and the server's inspector agree on it.
 */
export const NODE_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
	paragraph: [],
	heading: ['level'],
	bulletList: [],
	orderedList: ['start', 'type'],
	listItem: [],
	blockquote: [],
	codeBlock: ['language'],
	horizontalRule: [],
	hardBreak: []
};
export const MARKS: readonly string[] = ['bold', 'italic', 'strike', 'code', 'underline', 'link'];

const SAFE_LINK = /^(?:https?:|mailto:)/i;

/** Tells whether an address may stand behind a link in notes. */
export function isSafeLink(href: unknown): href is string {
	return typeof href === 'string' && SAFE_LINK.test(href);
}
