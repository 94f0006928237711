import type * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import type { NotesAtMoment } from '#domain/compare-boards.ts';
import { findNotes } from '#doc/schema.ts';
import { wordsOf } from './read-path.ts';

/** The notes of a board; empty blocks that an editor leaves behind say nothing. */
export function notesOf(doc: Y.Doc, { projects }: Board): ReadonlyMap<string, NotesAtMoment> {
	const written = projects.flatMap(({ id, hasNotes }) => {
		const notes = hasNotes ? findNotes(doc, id) : undefined;
		const text = notes ? wordsOf(notes) : '';
		return notes && text !== '' ? [[id, { text, whole: notes.toString() }] as const] : [];
	});
	return new Map(written);
}
