import { json } from '@sveltejs/kit';
import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { passCookies, sourceOf } from '../../../../session-cookies.server.ts';
import { errorResponse, readJson, respond, textOf } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = (event) =>
	respond(async () => {
		const body = await readJson(event.request);
		const credentials = { email: textOf(body, 'email'), password: textOf(body, 'password') };
		const outcome = await appContext().signIns.signIn(credentials, sourceOf(event));
		switch (outcome.kind) {
			case 'signed-in':
				passCookies(event, outcome.cookies);
				return json(outcome.body, { headers: { 'cache-control': 'no-store' } });
			case 'wrong':
				throw new Refusal('signed-out', 'the mail address or the password is wrong');
			case 'too-fast':
				return errorResponse('too-fast', 'too many attempts; try again later', 429, {
					'retry-after': String(outcome.retryAfterS)
				});
			default:
				return outcome satisfies never;
		}
	});
