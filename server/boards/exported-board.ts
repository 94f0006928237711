import type * as Y from 'yjs';
import { readBoard } from '#doc/read-board.ts';
import { richTextValues, type RichText } from '#doc/rich-text-values.ts';
import { findNotes } from '#doc/schema.ts';
import type { Board, Project } from '#domain/board.ts';
import type { Head } from '#server/journal/journal.ts';

/** A board as a file: what the API shows of it, and the notes. */
export interface ExportedBoard extends Omit<Board, 'projects'> {
	id: string;
	seq: number;
	epoch: number;
	at: string | null;
	projects: (Project & { notes?: RichText })[];
}

/** Everything on a board, as plain values. */
export function exportedBoard(id: string, doc: Y.Doc, { seq, epoch, at }: Head): ExportedBoard {
	const board = readBoard(doc);
	const projects = board.projects.map((project) => {
		const notes = project.hasNotes ? findNotes(doc, project.id) : undefined;
		return { ...project, ...(notes && { notes: richTextValues(notes) }) };
	});
	return { id, seq, epoch, at, ...board, projects };
}
