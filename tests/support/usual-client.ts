import { type ClientOptions, WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { readBoard } from '#doc/read-board.ts';
import { type Credentials, headersFor } from './raw-client.ts';
import { until } from './until.ts';

/** The usual client, unmodified: y-websocket's provider, signed in through the class that opens its socket. */
export interface UsualClient {
	doc: Y.Doc;
	provider: WebsocketProvider;
	/** Codes its connections were closed with. */
	closeCodes: number[];
	nameOf(projectId: string): string | undefined;
	shows(projectId: string, name: string): Promise<void>;
	destroy(): void;
}

/** Connects y-websocket's provider to a board; it comes back by itself as it always does. */
export function connectUsualClient(
	{ origin }: { origin: string },
	board: string,
	credentials: Credentials,
	doc = new Y.Doc()
): UsualClient {
	class SignedInSocket extends WebSocket {
		constructor(address: string, protocols?: string | string[]) {
			const options: ClientOptions = { headers: headersFor(credentials) };
			super(address, protocols, options);
		}
	}
	const provider = new WebsocketProvider(`${origin.replace('http', 'ws')}/sync`, board, doc, {
		WebSocketPolyfill: SignedInSocket as unknown as typeof globalThis.WebSocket,
		disableBc: true,
		maxBackoffTime: 200
	});
	const closeCodes: number[] = [];
	provider.on('connection-close', (event: CloseEvent | null) => {
		if (event) closeCodes.push(event.code);
	});
	const nameOf = (projectId: string) => readBoard(doc).projects.find(({ id }) => id === projectId)?.name;
	return {
		doc,
		provider,
		closeCodes,
		nameOf,
		shows: (projectId, name) => until(`${projectId} is called ${name}`, () => nameOf(projectId) === name),
		destroy() {
			provider.destroy();
			doc.destroy();
		}
	};
}

/** The same, once it shows the board. */
export async function joinAsUsualClient(
	...args: Parameters<typeof connectUsualClient>
): Promise<UsualClient> {
	const client = connectUsualClient(...args);
	await until('the usual client is in step', () => client.provider.synced);
	return client;
}
