import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../../../api/respond.server.ts';
import type { RequestHandler } from './$types';

/** A project's notes as they were at a moment. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		await apiAccess(event, event.params.board, 'history:read');
		const [at, project] = ['at', 'project'].map((name) => event.url.searchParams.get(name));
		if (!at || !project) throw new Refusal('bad-request', '"at" and "project" say which notes are meant');
		return { nodes: await appContext().history.notesAt(event.params.board, project, at) };
	});
