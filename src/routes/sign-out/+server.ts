import { redirect } from '@sveltejs/kit';
import { appContext } from '#server/app-context.ts';
import { passCookies, sourceOf } from '../session-cookies.server.ts';
import type { RequestHandler } from './$types';

/** Ends the session on the server and in the browser. */
export const POST: RequestHandler = async (event) => {
	const { actor } = event.locals;
	if (actor?.via === 'cookie') passCookies(event, await appContext().signIns.signOut(actor, sourceOf(event)));
	redirect(303, '/sign-in');
};
