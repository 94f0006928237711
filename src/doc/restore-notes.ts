import type * as Y from 'yjs';
import { isSameValue } from '#domain/same-value.ts';
import { wholeOf } from './board-copy.ts';
import { appendRichText, newRichText, type RichText, richTextValues } from './rich-text-values.ts';
import { findNotes } from './schema.ts';

/** Where two lists of blocks differ: so many are alike from the start, and so many to the end. */
function alike(now: RichText, then: RichText): { start: number; end: number } {
	const shorter = Math.min(now.length, then.length);
	let start = 0;
	while (start < shorter && isSameValue(now[start], then[start])) start += 1;
	let end = 0;
	while (end < shorter - start && isSameValue(now.at(-1 - end), then.at(-1 - end))) end += 1;
	return { start, end };
}

function become(notes: Y.XmlFragment, then: RichText): void {
	const now = richTextValues(notes);
	const { start, end } = alike(now, then);
	const going = now.length - start - end;
	const coming = then.slice(start, then.length - end);
	if (going > 0) notes.delete(start, going);
	if (coming.length > 0) notes.insert(start, newRichText(coming));
}

/** Makes notes what other notes are, or empty; blocks that are alike stay, so that what is written in them meanwhile does too. */
export function restoreNotes(notes: Y.XmlFragment, past: Y.XmlFragment | undefined): void {
	become(notes, past ? richTextValues(past) : []);
}

/** Notes as somebody found them, and as they had written them. */
export interface NotesWritten {
	before: RichText;
	mine: RichText;
}

/**
 * Writes again what somebody had written in a project's notes. Where these are as they found them, they become what they
 * had made of them; where others wrote meanwhile, what is new in theirs is put behind.
 */
export function writeNotesAgain(
	doc: Y.Doc,
	{ projectId, before, mine }: NotesWritten & { projectId: string },
	origin?: unknown
): void {
	doc.transact(() => {
		const notes = findNotes(doc, projectId);
		if (!notes) return; // removed once more
		const now = wholeOf(richTextValues(notes));
		if (now === wholeOf(mine)) return;
		if (now === wholeOf(before)) return become(notes, mine);
		const { start, end } = alike(before, mine);
		appendRichText(notes, mine.slice(start, mine.length - end));
	}, origin);
}
