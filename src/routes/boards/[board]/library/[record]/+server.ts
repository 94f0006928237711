import { error, json, type RequestHandler } from '@sveltejs/kit';
import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../../access.server.ts';

/** One whole record of the library, for whoever may see a board it can be added to. */
export const GET: RequestHandler = async (event) => {
	await onBoard(event, event.params.board!);
	const record = appContext().portfolio.projects.find(({ id }) => id === event.params.record);
	if (!record) error(404, 'not-found');
	return json(record);
};
