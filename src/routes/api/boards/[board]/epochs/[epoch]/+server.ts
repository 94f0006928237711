import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../../../respond.server.ts';
import type { RequestHandler } from './$types';

const EPOCH = /^\d{1,15}$/;

export const GET: RequestHandler = (event) =>
	respond(async () => {
		const { board, epoch } = event.params;
		await apiAccess(event, board, 'board:read');
		if (!EPOCH.test(epoch)) throw new Refusal('bad-request', `"${epoch}" is no epoch`, { path: ['epoch'] });
		return appContext().boards.epoch(board, Number(epoch));
	});
