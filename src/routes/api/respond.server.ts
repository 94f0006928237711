import { isHttpError, json, type RequestEvent } from '@sveltejs/kit';
import { isRefusal, Refusal, type RefusalCode } from '#domain/refusal.ts';
import { type Action, can, type Role } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import type { Actor } from '#server/auth/actor.ts';

/** The HTTP status each code of refusal is told with. */
export const STATUS_OF: Readonly<Record<RefusalCode, number>> = {
	'bad-request': 400,
	'signed-out': 401,
	forbidden: 403,
	'not-found': 404,
	conflict: 409,
	'too-large': 413,
	'malformed-update': 422,
	gap: 422,
	'foreign-client-id': 422,
	schema: 422,
	'too-fast': 429,
	'slow-reader': 503,
	'old-epoch': 409,
	'storage-failed': 503
};

/** An error as the API tells it. */
export function errorResponse(code: string, message: string, status: number): Response {
	return json({ error: { code, message } }, { status });
}

/** Answers with what `make` returns, as JSON; refusals with their code, bugs as `internal` once they are logged. */
export async function respond(make: () => Promise<Response | object>, status = 200): Promise<Response> {
	try {
		const made = await make();
		return made instanceof Response ? made : json(made, { status, headers: { 'cache-control': 'no-store' } });
	} catch (cause) {
		if (isRefusal(cause)) return errorResponse(cause.code, cause.message, STATUS_OF[cause.code]);
		if (isHttpError(cause)) throw cause;
		appContext().log.error({ err: cause }, 'an API request failed');
		return errorResponse('internal', 'something went wrong on the server', 500);
	}
}

/** Who is asking. @throws {Refusal} `signed-out` */
export function apiActor({ locals }: Pick<RequestEvent, 'locals'>): Actor {
	if (!locals.actor) throw new Refusal('signed-out', 'sign in, or send a bearer token');
	return locals.actor;
}

/** Who is asking about a board, and as what. @throws {Refusal} `signed-out`, `not-found`, `forbidden` */
export async function apiAccess(
	event: Pick<RequestEvent, 'locals'>,
	boardId: string,
	action: Action = 'board:read'
): Promise<{ actor: Actor; role: Role }> {
	const actor = apiActor(event);
	const role = await appContext().authService.roleOn(actor, boardId);
	if (!role) throw new Refusal('not-found', `there is no board ${boardId}`);
	if (!can(role, action)) throw new Refusal('forbidden', `a ${role} may not do this`);
	return { actor, role };
}

/** A request's JSON object. @throws {Refusal} `bad-request` */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
	const body: unknown = await request.json().catch(() => undefined);
	if (typeof body !== 'object' || body === null || Array.isArray(body))
		throw new Refusal('bad-request', 'the body is not a JSON object');
	return body as Record<string, unknown>;
}

/** A text of a JSON object. @throws {Refusal} `bad-request` */
export function textOf(body: Record<string, unknown>, key: string): string {
	const value = body[key];
	if (typeof value !== 'string' || value === '') throw new Refusal('bad-request', `"${key}" is a text`);
	return value;
}
