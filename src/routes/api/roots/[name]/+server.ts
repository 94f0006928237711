import { Refusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import { download } from '../../download.server.ts';
import { apiActor, respond } from '../../respond.server.ts';
import type { RequestHandler } from './$types';

/** A signed root over all boards, to be lodged elsewhere. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const { name } = event.params;
		const { audit, authService, roots } = appContext();
		const { who } = event.locals;
		await authService.demandProgramRole(who, ['owner', 'auditor'], 'roots:read');
		const file = (await roots.list()).find((one) => one.name === name);
		if (!file?.root) throw new Refusal('not-found', `there is no root ${name}`);
		await audit.record({ who, action: 'root-export', object: { root: name } });
		return download(`${JSON.stringify(file.root, null, '\t')}\n`, { name, type: 'application/json' });
	});
