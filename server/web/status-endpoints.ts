import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { whoIs } from '#server/auth/actor.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import { answerError, answerJson } from '#server/web/answer.ts';
import { isLocal } from '#server/web/peer-address.ts';
import { headersOf } from '#server/web/request-headers.ts';

interface StatusSources {
	isReady(): Promise<boolean>;
	metrics: Registry;
	authService: AuthService;
	addressOf(request: IncomingMessage): string;
}

const METRICS = '/metrics';
const PATHS = ['/healthz', '/readyz', METRICS];

async function mayReadMetrics(request: IncomingMessage, sources: StatusSources): Promise<boolean> {
	if (isLocal(request)) return true;
	const actor = await sources.authService.authenticate(headersOf(request));
	if (actor?.via !== 'token') return false;
	const who = whoIs(actor, sources.addressOf(request));
	await sources.authService.noteTokenUse(who, { request: `GET ${METRICS}` });
	return true;
}

async function answerMetrics(
	request: IncomingMessage,
	response: ServerResponse,
	sources: StatusSources
): Promise<void> {
	if (!(await mayReadMetrics(request, sources)))
		return answerError(response, 404, { code: 'not-found', message: 'there is nothing here' });
	const { metrics } = sources;
	response
		.writeHead(200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' })
		.end(await metrics.metrics());
}

/**
 * Answers `/healthz`, `/readyz` and `/metrics`, which must work where the pages may not.
 * @returns false if the request is for somebody else
 */
export async function answerStatus(
	request: IncomingMessage,
	response: ServerResponse,
	sources: StatusSources
): Promise<boolean> {
	const path = (request.url ?? '').split('?')[0] ?? '';
	if (!PATHS.includes(path)) return false;
	if (request.method !== 'GET' && request.method !== 'HEAD') {
		response.setHeader('allow', 'GET, HEAD');
		answerError(response, 405, { code: 'method-not-allowed', message: 'only GET, HEAD here' });
	} else if (path === METRICS) await answerMetrics(request, response, sources);
	else if (path === '/healthz') answerJson(response, 200, { status: 'ok' });
	else if (await sources.isReady()) answerJson(response, 200, { status: 'ok' });
	else answerJson(response, 503, { status: 'database does not answer' });
	return true;
}
