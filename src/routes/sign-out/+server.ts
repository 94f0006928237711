import { redirect } from '@sveltejs/kit';
import { appContext } from '#server/app-context.ts';
import type { RequestHandler } from './$types';

/** Ends the session on the server and in the browser. */
export const POST: RequestHandler = async ({ request, cookies }) => {
	const { auth } = appContext();
	await auth.api.signOut({ headers: request.headers });
	for (const { name } of cookies.getAll()) {
		if (name.includes('better-auth')) cookies.delete(name, { path: '/' });
	}
	redirect(303, '/sign-in');
};
