import type * as Y from 'yjs';
import type { BoardCopy } from '#domain/board-differences.ts';
import type { BoardAtMoment, NotesAtMoment } from '#domain/compare-boards.ts';
import { readBoard } from './read-board.ts';
import { type RichText, richTextValues } from './rich-text-values.ts';
import { findNotes, projectsOf } from './schema.ts';

/** A board with its notes, to be compared with another copy of it. */
export function readWithNotes(doc: Y.Doc): BoardAtMoment {
	const board = readBoard(doc);
	const notes = new Map<string, NotesAtMoment>();
	for (const { id, hasNotes } of board.projects) {
		const fragment = hasNotes ? findNotes(doc, id) : undefined;
		const content = fragment ? richTextValues(fragment) : [];
		if (!isBlank(content)) notes.set(id, { text: wordsOf(content), whole: wholeOf(content) });
	}
	return { ...board, notes };
}

/** The same of a document that remembers what was removed from it. */
export function readCopy(doc: Y.Doc): BoardCopy {
	return { ...readWithNotes(doc), knew: (projectId) => projectsOf(doc)._map.has(projectId) };
}

/** Notes as one text, equal for equal notes; empty where there is nothing to read in them. */
export function wholeOf(content: RichText): string {
	return isBlank(content) ? '' : JSON.stringify(inOrder(content));
}

/** What `wholeOf` was given. */
export const ofWhole = (whole: string): RichText => (whole === '' ? [] : (JSON.parse(whole) as RichText));

/** Empty paragraphs, which an editor leaves behind, say nothing. */
function isBlank(content: RichText): boolean {
	return content.every((node) =>
		'text' in node ? node.text.length === 0 : node.element === 'paragraph' && isBlank(node.content)
	);
}

/** Notes as plain text, a block a line. */
export function wordsOf(content: RichText): string {
	return content.map(wordsIn).join('').trim();
}

function wordsIn(node: RichText[number]): string {
	if ('text' in node) return node.text.map(({ insert }) => insert).join('');
	return node.element === 'hardBreak' ? '\n' : `${node.content.map(wordsIn).join('')}\n`;
}

/** Keys of records in alphabetical order. */
function inOrder(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(inOrder);
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]));
}
