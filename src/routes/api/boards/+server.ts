import { Refusal } from '#domain/refusal.ts';
import { TEMPLATES } from '#domain/stages.ts';
import { appContext } from '#server/app-context.ts';
import { apiActor, readJson, respond, textOf } from '../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => ({ boards: await appContext().boards.listFor(apiActor(event)) }));

export const POST: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const { who } = event.locals;
		const { authService, boards } = appContext();
		await authService.demandProgramRole(who, ['owner'], 'board:create');
		const body = await readJson(event.request);
		const template = TEMPLATES.find((known) => known === (body.template ?? 'stages'));
		if (!template) throw new Refusal('bad-request', `"template" is one of ${TEMPLATES.join(', ')}`);
		return boards.create({ id: textOf(body, 'id'), title: textOf(body, 'title'), template }, who);
	}, 201);
