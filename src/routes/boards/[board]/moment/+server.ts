import { Refusal } from '#domain/refusal.ts';
import { apiAccess, respond } from '../../../api/respond.server.ts';
import { pictureAt } from './picture-at.server.ts';
import type { RequestHandler } from './$types';

/** The board page's own way to a moment: the board as it was, with what its stages rested on. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		await apiAccess(event, event.params.board, 'history:read');
		const at = event.url.searchParams.get('at');
		if (!at) throw new Refusal('bad-request', '"at" is missing: which moment?', { path: ['at'] });
		return pictureAt(event.params.board, at);
	});
