import { redirect } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** The address people guess: two moments are compared within the history. */
export const GET: RequestHandler = ({ url }) =>
	redirect(308, url.pathname.replace(/compare\/?$/, 'history/compare') + url.search);
