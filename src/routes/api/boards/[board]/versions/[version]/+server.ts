import { appContext } from '#server/app-context.ts';
import { apiAccess, readJson, respond } from '../../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const PATCH: RequestHandler = (event) =>
	respond(async () => {
		const { board, version } = event.params;
		const by = await apiAccess(event, board, 'versions:name');
		return appContext().versions.change(board, version, { given: await readJson(event.request), by });
	});

export const DELETE: RequestHandler = (event) =>
	respond(async () => {
		const { board, version } = event.params;
		const by = await apiAccess(event, board, 'versions:name');
		await appContext().versions.remove(board, version, by);
		return new Response(null, { status: 204 });
	});
