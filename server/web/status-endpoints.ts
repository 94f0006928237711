import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { headersOf } from '#server/web/request-headers.ts';
import type { AuthService } from '#server/auth/auth.service.ts';
import { isLoopback } from '#server/web/peer-address.ts';

interface StatusSources {
	isReady(): Promise<boolean>;
	metrics: Registry;
	authService: AuthService;
	addressOf(request: IncomingMessage): string;
}

function answer(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
	response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

async function mayReadMetrics(request: IncomingMessage, sources: StatusSources): Promise<boolean> {
	if (isLoopback(sources.addressOf(request))) return true;
	return (await sources.authService.authenticate(headersOf(request)))?.via === 'token';
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
	switch ((request.url ?? '').split('?')[0]) {
		case '/healthz':
			answer(response, 200, '{"status":"ok"}');
			return true;
		case '/readyz': {
			const isReady = await sources.isReady();
			answer(response, isReady ? 200 : 503, `{"status":"${isReady ? 'ok' : 'database does not answer'}"}`);
			return true;
		}
		case '/metrics':
			if (await mayReadMetrics(request, sources))
				answer(response, 200, await sources.metrics.metrics(), sources.metrics.contentType);
			else answer(response, 404, '{"error":{"code":"not-found","message":"there is nothing here"}}');
			return true;
		default:
			return false;
	}
}
