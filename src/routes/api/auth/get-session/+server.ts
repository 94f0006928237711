import { json } from '@sveltejs/kit';
import { appContext } from '#server/app-context.ts';
import { respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

/** The session of the cookie and whose it is; null for anybody else. */
export const GET: RequestHandler = ({ request, locals }) =>
	respond(async () => {
		const session =
			locals.actor?.via === 'cookie'
				? await appContext().auth.api.getSession({ headers: request.headers })
				: null;
		return json(session, { headers: { 'cache-control': 'no-store' } });
	});
