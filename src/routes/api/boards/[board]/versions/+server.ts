import { appContext } from '#server/app-context.ts';
import { apiAccess, readJson, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		await apiAccess(event, event.params.board, 'history:read');
		return { versions: await appContext().versions.list(event.params.board) };
	});

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const by = await apiAccess(event, event.params.board, 'versions:name');
		return appContext().versions.add(event.params.board, await readJson(event.request), by);
	}, 201);
