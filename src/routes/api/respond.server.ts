import { isHttpError, json, type RequestEvent } from '@sveltejs/kit';
import { isRefusal, Refusal, REFUSAL_CODES } from '#domain/refusal.ts';
import type { Action, Role } from '#domain/roles.ts';
import { appContext } from '#server/app-context.ts';
import type { Who } from '#server/audit/who.ts';
import type { Actor } from '#server/auth/actor.ts';

/** All codes the API answers with: a closed list. */
export const ERROR_CODES = [...REFUSAL_CODES, 'method-not-allowed', 'internal'] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The HTTP status each code is told with. */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
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
	'storage-failed': 503,
	'method-not-allowed': 405,
	internal: 500
};
/** The code of an answer that came about without one, by its status. */
export function codeOfStatus(status: number): ErrorCode {
	if (status >= 500) return 'internal';
	return ERROR_CODES.find((code) => STATUS_OF[code] === status) ?? 'bad-request';
}

/** An error as the API tells it. */
export function errorResponse(
	code: ErrorCode,
	message: string,
	status: number,
	headers: Record<string, string> = {}
): Response {
	return json({ error: { code, message } }, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

/** What went wrong as an answer; refusals with their code, bugs as `internal` once they are logged. */
export function errorResponseOf(cause: unknown): Response {
	if (isRefusal(cause)) return errorResponse(cause.code, cause.message, STATUS_OF[cause.code]);
	if (isHttpError(cause)) return errorResponse(codeOfStatus(cause.status), cause.body.message, cause.status);
	appContext().log.error({ err: cause }, 'an API request failed');
	return errorResponse('internal', 'something went wrong on the server', 500);
}

/** An answer of JSON. Its bytes are made once, where the kit's `json` makes them twice: boards have megabytes. */
export function jsonResponse(text: string, headers: Record<string, string>, status = 200): Response {
	const bytes = Buffer.from(text);
	const ofBody = { 'content-type': 'application/json', 'content-length': String(bytes.byteLength) };
	return new Response(bytes, { status, headers: { ...ofBody, ...headers } });
}

/** Answers with what `make` returns, as JSON, or with what went wrong. */
export async function respond(make: () => Promise<Response | object>, status = 200): Promise<Response> {
	try {
		const made = await make();
		if (made instanceof Response) return made;
		return jsonResponse(JSON.stringify(made), { 'cache-control': 'no-store' }, status);
	} catch (cause) {
		return errorResponseOf(cause);
	}
}

type Event = Pick<RequestEvent, 'locals'>;

/** Who is asking. @throws {Refusal} `signed-out` */
export function apiActor({ locals }: Event): Actor {
	if (!locals.actor) throw new Refusal('signed-out', 'sign in, or send a bearer token');
	return locals.actor;
}

/** Who is asking about a board, and as what. @throws {Refusal} `signed-out`, `not-found`, `forbidden` */
export async function apiAccess(
	event: Event,
	boardId: string,
	action: Action = 'board:read'
): Promise<{ actor: Actor; who: Who; role: Role }> {
	const actor = apiActor(event);
	const { who } = event.locals;
	return { actor, who, role: await appContext().authService.demand(who, boardId, action) };
}

/** Whether reading a body failed for its size, which only shows while it is read. */
const isTooLarge = (error: unknown) => (error as { status?: unknown }).status === 413;

/** A request's JSON object. @throws {Refusal} `bad-request`, `too-large` */
export async function readJson(request: Request): Promise<Record<string, unknown>> {
	const body: unknown = await request.json().catch((error: unknown) => {
		if (isTooLarge(error)) throw new Refusal('too-large', 'the body is too large');
		return undefined;
	});
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

/** A whole number of an address's query. @throws {Refusal} `bad-request` */
export function wholeOf(
	query: URLSearchParams,
	key: string,
	bounds: { fallback: number; min: number; max: number }
): number {
	const text = query.get(key);
	if (text === null) return bounds.fallback;
	const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
	if (value >= bounds.min && value <= bounds.max) return value;
	throw new Refusal('bad-request', `"${key}" is a whole number in ${bounds.min}..${bounds.max}`);
}
