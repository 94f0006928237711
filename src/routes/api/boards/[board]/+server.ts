import { appContext } from '#server/app-context.ts';
import { apiAccess, jsonResponse, respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		const id = event.params.board;
		const then = event.url.searchParams.get('at');
		await apiAccess(event, id, then === null ? 'board:read' : 'history:read');
		const { boardReader, history } = appContext();
		const picture = await (then === null ? boardReader.read(id) : history.boardAt(id, then));
		const etag = `"${picture.epoch}.${picture.seq}"`;
		const headers = { etag, 'cache-control': 'private, no-cache' };
		if (event.request.headers.get('if-none-match') === etag)
			return new Response(null, { status: 304, headers });
		const { board, ...moment } = picture;
		const text =
			then === null ? boardReader.jsonOf(id, picture) : JSON.stringify({ id, ...moment, ...board });
		return jsonResponse(text, headers);
	});
