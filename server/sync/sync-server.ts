import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { Refusal } from '#domain/refusal.ts';
import { CLOSE_CODES, type CloseReason } from '#protocol/close-code.ts';
import type { SyncDeps } from './deps.ts';
import { receiveMessage } from './receive-message.ts';
import type { Room } from './room.ts';
import { RoomRegistry } from './room-registry.ts';
import { Session } from './session.ts';
import { SocketCounter } from './socket-counter.ts';
import { admit, type Admission, boardIdOf } from './upgrade.ts';

export interface SyncServer {
	/** Commits what arrived and closes every socket with 1012. */
	close(): Promise<void>;
	/** Open sockets. */
	readonly socketCount: number;
}

/** Code of `ws` for a frame over `maxPayload`. */
const WS_TOO_LARGE = 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';

/** Serves `/sync/{board}` on an HTTP server; other upgrade requests are left alone. */
export function attachSync(server: Server, deps: SyncDeps): SyncServer {
	const wss = new WebSocketServer({
		noServer: true,
		maxPayload: deps.limits.frameBytes,
		perMessageDeflate: false
	});
	const rooms = new RoomRegistry(deps);
	const counter = new SocketCounter(deps.limits);
	const sessions = new Map<Session, Room>();

	const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		const boardId = boardIdOf(request);
		if (boardId === undefined) return;
		const timer = setTimeout(() => socket.destroy(), deps.limits.upgradeMs);
		const onError = () => socket.destroy();
		socket.on('error', onError);
		void open(request, socket, { head, boardId })
			.catch((error: unknown) => {
				deps.log.error({ err: error, board: boardId }, 'upgrade failed');
				refuse(socket, 503);
			})
			.finally(() => {
				clearTimeout(timer);
				socket.off('error', onError);
			});
	};

	async function open(
		request: IncomingMessage,
		socket: Duplex,
		{ head, boardId }: { head: Buffer; boardId: string }
	): Promise<void> {
		const admission = await admit(request, boardId, deps);
		if ('status' in admission) return refuse(socket, admission.status);
		const address = deps.addressOf(request);
		if (!counter.take(admission.actor.userId, address)) return refuse(socket, 429);
		try {
			const [room, profile] = await Promise.all([
				rooms.open(boardId),
				deps.profileOf(admission.actor.userId)
			]);
			if (socket.destroyed) return counter.release(admission.actor.userId, address);
			wss.handleUpgrade(request, socket, head, (websocket) => {
				websocket.once('close', () => counter.release(admission.actor.userId, address));
				join(websocket, room, new Session(websocket, { ...admission, profile, boardId }, deps.limits));
			});
		} catch (error) {
			counter.release(admission.actor.userId, address);
			throw error;
		}
	}

	function join(websocket: WebSocket, room: Room, session: Session): void {
		sessions.set(session, room);
		room.sessions.add(session);
		websocket.on('message', (data: Buffer) => receive(room, session, data));
		websocket.on('error', (error: Error & { code?: string }) => {
			if (error.code === WS_TOO_LARGE) session.close('too-large');
		});
		websocket.once('close', () => {
			sessions.delete(session);
			room.sessions.delete(session);
			room.broadcast(room.presence.leave(session));
			rooms.releaseLater(room);
		});
		room.askForMissing(session);
		const everybody = room.presence.everybody();
		if (everybody) session.send(everybody);
	}

	function receive(room: Room, session: Session, data: Buffer): void {
		if (!session.takeToken()) return session.close('too-fast');
		try {
			receiveMessage(room, session, data, deps.limits.updateBytes);
		} catch (error) {
			if (!(error instanceof Refusal))
				deps.log.error({ err: error, board: room.boardId }, 'a message broke its handler');
			else
				deps.log.info({ code: error.code, board: room.boardId, user: session.actor.userId }, error.message);
			session.close(closeReasonOf(error));
		}
	}

	/** Rights that changed meanwhile take effect on open sockets. */
	async function recheck(): Promise<void> {
		for (const session of sessions.keys()) {
			if (!(await deps.isSignedIn(session.actor))) session.close('signed-out');
			else {
				const role = await deps.roleOn(session.actor, session.boardId);
				if (role) session.role = role;
				else session.close('no-access');
			}
		}
	}

	let rechecking = false;
	const timer = setInterval(() => {
		if (rechecking) return;
		rechecking = true;
		recheck()
			.catch((error: unknown) => deps.log.error({ err: error }, 'rights could not be looked up'))
			.finally(() => (rechecking = false));
	}, deps.limits.recheckMs);
	timer.unref();
	server.on('upgrade', onUpgrade);

	return {
		get socketCount() {
			return sessions.size;
		},
		async close() {
			server.off('upgrade', onUpgrade);
			clearInterval(timer);
			rooms.close();
			await deps.commits.settle();
			for (const room of await rooms.list()) room.takeSnapshot();
			for (const client of wss.clients) client.close(CLOSE_CODES['service-restart'], 'service-restart');
			wss.close();
		}
	};
}

function refuse(socket: Duplex, status: Exclude<Admission, { role: unknown }>['status'] | 429 | 503): void {
	socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function closeReasonOf(error: unknown): CloseReason {
	if (!(error instanceof Refusal)) return 'try-again-later';
	switch (error.code) {
		case 'too-large':
			return 'too-large';
		case 'forbidden':
			return 'no-access';
		case 'signed-out':
			return 'signed-out';
		case 'not-found':
			return 'no-such-board';
		case 'old-epoch':
			return 'old-epoch';
		case 'too-fast':
			return 'too-fast';
		case 'slow-reader':
			return 'slow-reader';
		case 'storage-failed':
			return 'try-again-later';
		case 'bad-request':
		case 'conflict':
		case 'malformed-update':
		case 'gap':
		case 'foreign-client-id':
		case 'schema':
			return 'malformed';
		default:
			return error.code satisfies never;
	}
}
