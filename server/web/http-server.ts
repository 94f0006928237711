import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse
} from 'node:http';
import type { App } from '#server/app.ts';
import type { SyncServer } from '#server/sync/sync-server.ts';
import { createMetrics } from './metrics.ts';
import { peerAddressOf } from './peer-address.ts';
import { answerStatus } from './status-endpoints.ts';

/** How long a client may take to send its headers, and a whole request. */
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 120_000;

/** On every answer, also those of the API; the pages add their content security policy. */
const SECURITY_HEADERS: Record<string, string> = {
	'x-content-type-options': 'nosniff',
	'x-frame-options': 'DENY',
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'cross-origin-resource-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=()'
};
const HSTS = 'max-age=31536000; includeSubDomains';

/** The one HTTP server: status endpoints, sync, and the pages for everything else. */
export function createHttpServer(app: App, pages: RequestListener): { server: Server; sync: SyncServer } {
	const { config, authService, log } = app.context;
	const addressOf = (request: IncomingMessage) => peerAddressOf(request, config.trustProxy);
	const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS });
	const sync = app.attachSync(server);
	const metrics = createMetrics(sync);

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
		if (config.origin.startsWith('https:')) response.setHeader('strict-transport-security', HSTS);
		if (await answerStatus(request, response, { isReady: app.isReady, metrics, authService, addressOf }))
			return;
		const elsewhere = canonicalAddressOf(request, config.origin);
		if (elsewhere) return void response.writeHead(307, { location: elsewhere }).end();
		// what a client sends under this name is its own claim; sign-in limits count by it
		request.headers['x-peer-address'] = addressOf(request);
		pages(request, response);
	}

	server.on('request', (request, response) => {
		serve(request, response).catch((error: unknown) => {
			log.error({ err: error }, 'a request failed');
			if (!response.headersSent) response.writeHead(500);
			response.end();
		});
	});
	return { server, sync };
}

/**
 * Somebody who types `localhost` where the address is `127.0.0.1` would be a foreign origin: they are sent to the
 * address this server knows as its own.
 */
function canonicalAddressOf(request: IncomingMessage, origin: string): string | undefined {
	const own = new URL(origin);
	const { host } = request.headers;
	if (host === undefined || host === own.host || request.method !== 'GET') return undefined;
	const isSameMachine = own.hostname === '127.0.0.1' && host === `localhost:${own.port || '80'}`;
	return isSameMachine ? `${origin}${request.url ?? '/'}` : undefined;
}
