import { Refusal } from '#domain/refusal.ts';
import { isRole, ROLES } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import { apiAccess, readJson, respond, textOf } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		await apiAccess(event, event.params.board, 'members:read');
		return { members: await appContext().boards.members(event.params.board) };
	});

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const { board } = event.params;
		const { who, role } = await apiAccess(event, board, 'members:manage');
		const body = await readJson(event.request);
		if (!isRole(body.role)) throw new Refusal('bad-request', `"role" is one of ${ROLES.join(', ')}`);
		const member = { email: textOf(body, 'email'), role: body.role };
		return appContext().boards.addMember(board, member, { who, role });
	}, 201);
