import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../access.server.ts';
import type { PageServerLoad } from './$types';
import { entryOf } from './library-entry.server.ts';

/** The library's list, and of the board what tells which records stand on it; the live board knows the rest. */
export const load: PageServerLoad = async (event) => {
	const boardId = event.params.board;
	await onBoard(event, boardId);
	const { boardReader, portfolio } = appContext();
	const { board, seq, epoch } = await boardReader.read(boardId);
	return {
		entries: portfolio.projects.map(entryOf),
		onBoard: board.projects.map(({ id }) => id),
		layout: { ...board, projects: [] },
		seq,
		epoch
	};
};
