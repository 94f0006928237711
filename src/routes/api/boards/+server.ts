import { Refusal } from '#domain/refusal.ts';
import { TEMPLATES } from '#domain/stages.ts';
import { appContext } from '#server/app-context.ts';
import { apiActor, readJson, respond, textOf } from '../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => ({ boards: await appContext().boards.listFor(apiActor(event)) }));

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const actor = apiActor(event);
		if (event.locals.user?.role !== 'owner') throw new Refusal('forbidden', 'only an owner makes boards');
		const body = await readJson(event.request);
		const template = TEMPLATES.find((known) => known === (body.template ?? 'stages'));
		if (!template) throw new Refusal('bad-request', `"template" is one of ${TEMPLATES.join(', ')}`);
		const { boards } = appContext();
		return boards.create({
			id: textOf(body, 'id'),
			title: textOf(body, 'title'),
			template,
			by: actor.userId
		});
	}, 201);
