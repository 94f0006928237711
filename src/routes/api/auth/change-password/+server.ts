import { json } from '@sveltejs/kit';
import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { passCookies, sourceOf } from '../../../session-cookies.server.ts';
import { apiActor, readJson, respond, textOf } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const actor = apiActor(event);
		if (actor.via !== 'cookie') throw new Refusal('forbidden', 'a token does not change the password');
		const body = await readJson(event.request);
		const passwords = {
			currentPassword: textOf(body, 'currentPassword'),
			newPassword: textOf(body, 'newPassword')
		};
		const { cookies, body: answer } = await appContext().signIns.changePassword(
			actor,
			passwords,
			sourceOf(event)
		);
		passCookies(event, cookies);
		return json(answer, { headers: { 'cache-control': 'no-store' } });
	});
