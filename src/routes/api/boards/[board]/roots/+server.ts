import { appContext } from '#server/app-context.ts';
import { download } from '../../../download.server.ts';
import { apiAccess, respond } from '../../../respond.server.ts';
import type { RequestHandler } from './$types';

/** What the signed roots say of one board, and nothing of the others, to be lodged elsewhere. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		const { board } = event.params;
		const { who } = await apiAccess(event, board, 'roots:read');
		const { audit, roots } = appContext();
		const proved = { key: await roots.publicKeys(), roots: await roots.listOf(board) };
		await audit.record({ who, action: 'root-export', object: { board } });
		const name = `roots-${board}.json`;
		return download(`${JSON.stringify(proved, null, '\t')}\n`, { name, type: 'application/json' });
	});
