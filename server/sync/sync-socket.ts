import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE_CODES } from '#protocol/close-code.ts';
import type { SyncLimits } from './limits.ts';

/** The websocket library's own code for a message over the limit. */
const MESSAGE_TOO_BIG = 1009;

/** A socket that closes with our code where a message is over the limit. */
class SyncSocket extends WebSocket {
	override close(code?: number, reason?: string | Buffer): void {
		if (code === MESSAGE_TOO_BIG) super.close(CLOSE_CODES['too-large'], 'too-large');
		else super.close(code, reason);
	}
}

/** Turns upgrade requests into sockets, within the limits and without compression. */
export function createSocketServer(limits: Pick<SyncLimits, 'frameBytes' | 'closeMs'>) {
	const options = {
		noServer: true,
		WebSocket: SyncSocket,
		maxPayload: limits.frameBytes,
		closeTimeout: limits.closeMs,
		perMessageDeflate: false
	};
	return new WebSocketServer(options);
}
export type SocketServer = ReturnType<typeof createSocketServer>;
