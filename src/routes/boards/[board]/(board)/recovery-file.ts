import type * as Y from 'yjs';
import { readBoard } from '#doc/read-board.ts';
import { richTextValues } from '#doc/rich-text-values.ts';
import { findNotes } from '#doc/schema.ts';

/** A copy of a board as a file, in the form `npx tongchou board create --from` reads. */
function fileOf(id: string, epoch: number, doc: Y.Doc): string {
	const board = readBoard(doc);
	const projects = board.projects.map((project) => {
		const notes = project.hasNotes ? findNotes(doc, project.id) : undefined;
		return { ...project, ...(notes && { notes: richTextValues(notes) }) };
	});
	return JSON.stringify({ id, epoch, ...board, projects }, null, '\t');
}

/** Lets the browser save a copy of a board. */
export function downloadCopy(boardId: string, { epoch, doc }: { epoch: number; doc: Y.Doc }): void {
	const url = URL.createObjectURL(new Blob([fileOf(boardId, epoch, doc)], { type: 'application/json' }));
	const link = document.createElement('a');
	link.href = url;
	link.download = `${boardId}-${epoch}.json`;
	link.click();
	URL.revokeObjectURL(url);
}
