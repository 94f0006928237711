import { appContext } from '#server/app-context.ts';
import { apiActor, readJson, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const asking = { actor: apiActor(event), who: event.locals.who };
		const given = await readJson(event.request);
		return { seq: await appContext().restores.restore(event.params.board, given, asking) };
	}, 201);
