import { appContext } from '#server/app-context.ts';
import { apiActor, respond } from '../respond.server.ts';
import type { RequestHandler } from './$types';

/** The signed roots there are: for owners and auditors of the program, as they name every board. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const { authService, roots } = appContext();
		await authService.demandProgramRole(event.locals.who, ['owner', 'auditor'], 'roots:read');
		const listed = await roots.list();
		return {
			roots: listed.map(({ name, root, problem }) => ({
				name,
				day: root?.day ?? null,
				at: root?.at ?? null,
				size: root?.size ?? null,
				problem
			}))
		};
	});
