import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { apiAccess, respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = (event) =>
	respond(async () => {
		const id = event.params.board;
		await apiAccess(event, id);
		if (event.url.searchParams.has('at'))
			throw new Refusal('bad-request', 'this server shows boards as they are now; "at" is not served yet');
		const { board, seq, epoch, at } = await appContext().boardReader.read(id);
		return { id, seq, epoch, at, ...board };
	});
