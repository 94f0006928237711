import { appContext } from '#server/app-context.ts';
import { lastMovesOf } from './last-moves-of.ts';

/**
 * A board as it was at a moment, with who had last moved each project by then.
 * @throws {Refusal} `bad-request`, `not-found`
 */
export async function pictureAt(boardId: string, moment: string) {
	const { history } = appContext();
	const { board, seq, epoch, at } = await history.boardAt(boardId, moment);
	return { board, seq, epoch, at, lastMoves: lastMovesOf(await history.lastMoves(boardId, seq)) };
}
