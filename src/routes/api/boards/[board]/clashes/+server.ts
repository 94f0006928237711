import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		await apiAccess(event, event.params.board, 'history:read');
		return appContext().clashes.listOpen(event.params.board);
	});
