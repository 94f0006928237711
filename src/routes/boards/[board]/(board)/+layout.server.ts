import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../access.server.ts';
import type { LayoutServerLoad } from './$types';

/** The committed board for the first paint; from there on the page is live. */
export const load: LayoutServerLoad = async (event) => {
	const boardId = event.params.board;
	await onBoard(event, boardId);
	const { boardReader, history } = appContext();
	const [{ board, seq, epoch, at }, moves] = await Promise.all([
		boardReader.read(boardId),
		history.lastMoves(boardId)
	]);
	const lastMoves = Object.fromEntries(moves.map(({ projectId, ...move }) => [projectId, move]));
	return { board, seq, epoch, at, lastMoves };
};
