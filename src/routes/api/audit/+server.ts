import { appContext } from '#server/app-context.ts';
import { apiActor, respond, wholeOf } from '../respond.server.ts';
import type { RequestHandler } from './$types';

const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 1_000;

/** The audit, newest first: for owners and auditors of the program. */
export const GET: RequestHandler = (event) =>
	respond(async () => {
		apiActor(event);
		const { audit, authService } = appContext();
		await authService.demandProgramRole(event.locals.who, ['owner', 'auditor'], 'audit:read');
		const { searchParams } = event.url;
		const text = (key: string) => searchParams.get(key) ?? undefined;
		const limit = wholeOf(searchParams, 'limit', { fallback: LIMIT_DEFAULT, min: 1, max: LIMIT_MAX });
		const query = { action: text('action'), userId: text('actor'), before: text('before'), limit };
		const records = await audit.list(query);
		return { records, next: records.length === limit ? (records.at(-1)?.id ?? null) : null };
	});
