import {
	createServer,
	type IncomingMessage,
	type RequestListener,
	type Server,
	type ServerResponse
} from 'node:http';
import type { App } from '#server/app.ts';
import type { SyncServer } from '#server/sync/sync-server.ts';
import { answerError } from './answer.ts';
import { createMetrics } from './metrics.ts';
import { peerAddressOf } from './peer-address.ts';
import { securityHeaders } from './security-headers.ts';
import { answerStatus } from './status-endpoints.ts';

/** How long a client may take to send its headers, and a whole request. */
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 120_000;
/** Longer than proxies keep a connection for the next request: whoever ends it must not be the one who did not know. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** The largest body of a request; edits come by websocket and have their own limit. */
export const BODY_MAX_BYTES = 512 * 1_024;
/** So much of a body that is too large is read and thrown away. */
const DISCARDED_MAX_BYTES = 32 * 1_024 * 1_024;

/** The one HTTP server: status endpoints, sync, and the pages for everything else. */
export function createHttpServer(app: App, pages: RequestListener): { server: Server; sync: SyncServer } {
	const { config, authService, log } = app.context;
	const isHttps = config.origin.startsWith('https:');
	const addressOf = (request: IncomingMessage) => peerAddressOf(request, config.trustProxy);
	const server = createServer({
		headersTimeout: HEADERS_TIMEOUT_MS,
		requestTimeout: REQUEST_TIMEOUT_MS,
		keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS
	});
	const sync = app.attachSync(server);
	const metrics = createMetrics(sync);

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const path = (request.url ?? '').split('?')[0] ?? '';
		for (const [name, value] of Object.entries(securityHeaders(path, isHttps)))
			response.setHeader(name, value);
		if (await answerStatus(request, response, { isReady: app.isReady, metrics, authService, addressOf }))
			return;
		const elsewhere = canonicalAddressOf(request, config.origin);
		if (elsewhere) return void response.writeHead(307, { location: elsewhere }).end();
		if (isTooLarge(request)) return refuseBody(request, response);
		// what a client sends under this name is its own claim; sign-in limits count by it
		request.headers['x-peer-address'] = addressOf(request);
		pages(request, response);
	}

	server.on('request', (request, response) => {
		serve(request, response).catch((error: unknown) => {
			log.error({ err: error }, 'a request failed');
			if (response.headersSent) return void response.end();
			answerError(response, 500, { code: 'internal', message: 'something went wrong on the server' });
		});
	});
	return { server, sync };
}

function isTooLarge(request: IncomingMessage): boolean {
	return Number(request.headers['content-length'] ?? 0) > BODY_MAX_BYTES;
}

/** Says so before the body has come. Some of it is let run out, as a client that is still sending does not listen. */
function refuseBody(request: IncomingMessage, response: ServerResponse): void {
	const message = `a body has ${BODY_MAX_BYTES} bytes at most`;
	answerError(response, 413, { code: 'too-large', message });
	let bytes = 0;
	request.on('data', (chunk: Buffer) => {
		bytes += chunk.byteLength;
		if (bytes > DISCARDED_MAX_BYTES) request.destroy();
	});
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
