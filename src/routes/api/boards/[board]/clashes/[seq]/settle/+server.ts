import { appContext } from '#server/app-context.ts';
import { apiActor, readJson, respond } from '../../../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const { board, seq } = event.params;
		const asking = { seq, given: await readJson(event.request), who: event.locals.who };
		return { settled: await appContext().clashes.settle(board, asking) };
	}, 201);
