import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		const id = event.params.board;
		const then = event.url.searchParams.get('at');
		await apiAccess(event, id, then === null ? 'board:read' : 'history:read');
		const { boardReader, history } = appContext();
		const picture = await (then === null ? boardReader.read(id) : history.boardAt(id, then));
		const { board, seq, epoch, at } = picture;
		return { id, seq, epoch, at, ...board };
	});
