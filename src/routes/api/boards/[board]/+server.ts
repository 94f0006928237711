import { json } from '@sveltejs/kit';
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
		const etag = `"${epoch}.${seq}"`;
		const headers = { etag, 'cache-control': 'private, no-cache', 'content-type': 'application/json' };
		if (event.request.headers.get('if-none-match') === etag)
			return new Response(null, {
				status: 304,
				headers: { etag, 'cache-control': headers['cache-control'] }
			});
		if (then !== null) return json({ id, seq, epoch, at, ...board }, { headers });
		return new Response(boardReader.jsonOf(id, picture), { headers });
	});
