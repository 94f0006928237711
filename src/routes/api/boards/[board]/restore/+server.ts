import { appContext } from '#server/app-context.ts';
import { apiActor, readJson, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const given = Object.fromEntries(event.url.searchParams);
		return appContext().restores.preview(event.params.board, given, event.locals);
	});

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const asking = { actor: apiActor(event), who: event.locals.who };
		const given = await readJson(event.request);
		return appContext().restores.restore(event.params.board, given, asking);
	}, 201);
