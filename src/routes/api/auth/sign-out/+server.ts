import { appContext } from '#server/app-context.ts';
import { passCookies, sourceOf } from '../../../session-cookies.server.ts';
import { respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

/** Ends the session of the cookie; a token is ended by whoever made it. */
export const POST: RequestHandler = (event) =>
	respond(async () => {
		const { actor } = event.locals;
		if (actor?.via === 'cookie')
			passCookies(event, await appContext().signIns.signOut(actor, sourceOf(event)));
		return { success: true };
	});
