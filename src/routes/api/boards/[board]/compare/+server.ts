import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		const { board } = event.params;
		await apiAccess(event, board, 'history:read');
		const [from, to] = ['from', 'to'].map((name) => event.url.searchParams.get(name) || undefined);
		if (from === undefined)
			throw new Refusal('bad-request', '"from" is missing: which moment?', { path: ['from'] });
		return appContext().comparisons.compare(board, { from, to });
	});
