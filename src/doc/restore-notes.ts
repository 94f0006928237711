import type * as Y from 'yjs';
import { isSameValue } from '#domain/same-value.ts';
import { newRichText, type RichText, richTextValues } from './rich-text-values.ts';

/** Where two lists of blocks differ: so many are alike from the start, and so many to the end. */
function alike(now: RichText, then: RichText): { start: number; end: number } {
	const shorter = Math.min(now.length, then.length);
	let start = 0;
	while (start < shorter && isSameValue(now[start], then[start])) start += 1;
	let end = 0;
	while (end < shorter - start && isSameValue(now.at(-1 - end), then.at(-1 - end))) end += 1;
	return { start, end };
}

/** Makes notes what other notes are, or empty; blocks that are alike stay, so that what is written in them meanwhile does too. */
export function restoreNotes(notes: Y.XmlFragment, past: Y.XmlFragment | undefined): void {
	const [now, then] = [richTextValues(notes), past ? richTextValues(past) : []];
	const { start, end } = alike(now, then);
	const going = now.length - start - end;
	const coming = then.slice(start, then.length - end);
	if (going > 0) notes.delete(start, going);
	if (coming.length > 0) notes.insert(start, newRichText(coming));
}
