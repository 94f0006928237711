import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const DELETE: RequestHandler = (event) =>
	respond(async () => {
		const { board, user } = event.params;
		const { who, role } = await apiAccess(event, board, 'members:manage');
		await appContext().boards.removeMember(board, user, { who, role });
		return new Response(null, { status: 204 });
	});
