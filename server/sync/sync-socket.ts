import { WebSocket, WebSocketServer } from 'ws';
import { CLOSE_CODES } from '#protocol/close-code.ts';
import type { SyncLimits } from './limits.ts';

/** The websocket library's own code for a message over the limit. */
const MESSAGE_TOO_BIG = 1009;

/**
 * A socket that closes with our code where a message is over the limit, and leaves the rest of it unread: a hundred
 * megabytes read to be thrown away leave holes in the memory that are not given back.
 */
class SyncSocket extends WebSocket {
	override close(code?: number, reason?: string | Buffer): void {
		if (code !== MESSAGE_TOO_BIG) return super.close(code, reason);
		super.close(CLOSE_CODES['too-large'], 'too-large');
		process.nextTick(() => this.pause()); // after the library's own resume
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
