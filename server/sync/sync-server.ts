import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { Refusal } from '#domain/refusal.ts';
import { encodeAwarenessEntries } from './awareness-entries.ts';
import { BoardCheck } from './board-check.ts';
import { whoIs } from '#server/auth/actor.ts';
import { closeReasonOf } from './close-reason.ts';
import type { SyncDeps } from './deps.ts';
import { Door } from './door.ts';
import { receiveMessage } from './receive-message.ts';
import { recordRefusal } from './receive-update.ts';
import { RightsCheck } from './rights-check.ts';
import type { Room } from './room.ts';
import type { RoomRegistry } from './room-registry.ts';
import { Session } from './session.ts';
import { SocketCounter } from './socket-counter.ts';
import { createSocketServer, type SocketServer } from './sync-socket.ts';
import { admit, boardIdOf } from './upgrade.ts';

export interface SyncServer {
	/** Commits what arrived and closes every socket with 1012. */
	close(): Promise<void>;
	/** Open sockets. */
	readonly socketCount: number;
}

/** An awareness message about nobody. */
const QUIET = encodeAwarenessEntries([]);

/** Serves `/sync/{board}` on an HTTP server; other upgrade requests are left to who else listens for them. */
export function attachSync(server: Server, rooms: RoomRegistry, deps: SyncDeps): SyncServer {
	return new Sockets(server, rooms, deps);
}

class Sockets implements SyncServer {
	readonly #server: Server;
	readonly #deps: SyncDeps;
	readonly #wss: SocketServer;
	readonly #rooms: RoomRegistry;
	readonly #counter: SocketCounter;
	readonly #rights: RightsCheck;
	readonly #boards: BoardCheck;
	readonly #sessions = new Set<Session>();
	readonly #door = new Door();
	readonly #heartbeat: NodeJS.Timeout;
	readonly #recheck: NodeJS.Timeout;
	#isLookingUp = false;
	#isClosing = false;

	constructor(server: Server, rooms: RoomRegistry, deps: SyncDeps) {
		this.#server = server;
		this.#deps = deps;
		this.#wss = createSocketServer(deps.limits);
		this.#rooms = rooms;
		this.#counter = new SocketCounter(deps.limits);
		this.#rights = new RightsCheck(deps);
		this.#boards = new BoardCheck(deps);
		this.#recheck = setInterval(() => void this.#lookUpAgain(), deps.limits.recheckMs);
		this.#recheck.unref();
		this.#heartbeat = setInterval(() => this.#beat(), deps.limits.heartbeatMs);
		this.#heartbeat.unref();
		server.on('upgrade', this.#onUpgrade);
	}

	get socketCount(): number {
		return this.#sessions.size;
	}

	readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
		const boardId = boardIdOf(request);
		if (boardId === undefined) {
			if (this.#server.listenerCount('upgrade') === 1) refuse(socket, 404);
			return;
		}
		const timer = setTimeout(() => socket.destroy(), this.#deps.limits.upgradeMs);
		const onError = () => socket.destroy();
		socket.on('error', onError);
		void this.#open(request, socket, { head, boardId })
			.catch((error: unknown) => {
				this.#deps.log.error({ err: error, board: boardId }, 'upgrade failed');
				refuse(socket, 503);
			})
			.finally(() => {
				clearTimeout(timer);
				socket.off('error', onError);
			});
	};

	async #open(
		request: IncomingMessage,
		socket: Duplex,
		{ head, boardId }: { head: Buffer; boardId: string }
	): Promise<void> {
		await this.#door.pass();
		const admission = await admit(request, boardId, this.#deps);
		if ('status' in admission) return refuse(socket, admission.status);
		const { limits } = this.#deps;
		const { userId } = admission.actor;
		const address = this.#deps.addressOf(request);
		if (!this.#counter.take(userId, address)) return refuse(socket, 429);
		const taken = [() => this.#counter.release(userId, address)];
		const release = () => taken.splice(0).forEach((giveBack) => giveBack());
		let isJoined = false;
		try {
			const profile = await this.#deps.profileOf(userId);
			// last, so that nothing can become of the room before the socket is in it
			const { room, giveBack } = await this.#rooms.enter(boardId);
			taken.push(giveBack);
			if (admission.actor.via === 'token') this.#deps.noteTokenUse(whoIs(admission.actor, address), boardId);
			if (this.#isClosing || room.isFailed) return refuse(socket, 503);
			if (socket.destroyed) return;
			gatherWrites(socket); // the answer to the request, and what is said first
			this.#wss.handleUpgrade(request, socket, head, (websocket) => {
				isJoined = true;
				websocket.once('close', release);
				this.#join(
					websocket,
					room,
					new Session(
						{ socket: websocket, wire: socket },
						{ ...admission, address, profile, boardId },
						limits
					)
				);
			});
		} finally {
			if (!isJoined) release();
		}
	}

	#join(websocket: WebSocket, room: Room, session: Session): void {
		this.#sessions.add(session);
		room.sessions.add(session);
		websocket.on('message', (data: Buffer, isBinary: boolean) =>
			this.#receive(room, session, data, isBinary)
		);
		websocket.on('pong', () => session.noteAlive());
		websocket.on('ping', (data: Buffer) => {
			if (!session.noteFrame(data.byteLength)) session.close('too-fast');
		});
		websocket.on('error', (error) => this.#onBrokenFrame(session, error));
		websocket.once('close', (code: number) => {
			this.#deps.log.info({ board: room.boardId, user: session.actor.userId, code }, 'connection ended');
			this.#sessions.delete(session);
			room.sessions.delete(session);
			room.presence.leave(session);
		});
		void room.lane.run(() => room.greeter.askForMissing(session));
		const everybody = room.presence.everybody();
		if (everybody) session.send(everybody);
	}

	#receive(room: Room, session: Session, data: Buffer, isBinary: boolean): void {
		if (session.isClosing || this.#isClosing) return;
		try {
			if (!session.noteFrame(data.byteLength)) throw new Refusal('too-fast', 'too many messages');
			if (!isBinary) throw new Refusal('malformed-update', 'text where bytes belong');
			session.noteUnderWay(room.lane.run(() => this.#handle(room, session, data)));
		} catch (error) {
			this.#refuse(session, error);
		}
	}

	#handle(room: Room, session: Session, data: Uint8Array): void | Promise<void> {
		if (session.isClosing) return; // it may have waited
		try {
			const going = receiveMessage(room, session, data, this.#deps);
			return going?.catch((error: unknown) => this.#refuse(session, error));
		} catch (error) {
			this.#refuse(session, error);
		}
	}

	#refuse(session: Session, error: unknown): void {
		const where = { board: session.boardId, user: session.actor.userId };
		if (error instanceof Refusal) recordRefusal(this.#deps, session, error);
		else this.#deps.log.error({ ...where, err: error }, 'a message broke its handler');
		session.close(closeReasonOf(error));
	}

	/** The library has closed the connection with a code already. */
	#onBrokenFrame(session: Session, error: Error): void {
		const isTooLarge = (error as NodeJS.ErrnoException).code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
		const code = isTooLarge ? 'too-large' : 'malformed-update';
		recordRefusal(this.#deps, session, new Refusal(code, error.message, { cause: error }));
		session.close('malformed');
	}

	#beat(): void {
		for (const session of this.#sessions) session.beat(QUIET);
	}

	/** Boards first: who is on one that is gone is told so, and not that it is closed to them. */
	async #lookUpAgain(): Promise<void> {
		if (this.#isLookingUp) return;
		this.#isLookingUp = true;
		await this.#boards.check(this.#rooms.open());
		await this.#rights.check(this.#sessions);
		this.#rooms.rest();
		this.#isLookingUp = false;
	}

	async close(): Promise<void> {
		this.#isClosing = true;
		this.#server.off('upgrade', this.#onUpgrade);
		clearInterval(this.#heartbeat);
		clearInterval(this.#recheck);
		await this.#store();
		const closed = Array.from(
			this.#wss.clients,
			(client) => new Promise<void>((resolve) => client.once('close', () => resolve()))
		);
		for (const session of this.#sessions) session.close('service-restart');
		await Promise.all(closed);
	}

	async #settle(): Promise<void> {
		await this.#rooms.whenFree();
		await this.#deps.commits.settle();
	}

	/** Commits what arrived. A database that does not answer must not keep the program: nothing was acked of it. */
	async #store(): Promise<void> {
		const stop = new AbortController();
		const patience = delay(this.#deps.limits.settleMs, undefined, { signal: stop.signal }).catch(
			() => undefined
		);
		await Promise.race([this.#settle().then(() => this.#rooms.close()), patience]);
		stop.abort();
	}
}

/** Whatever is written until this piece of work is done goes out together. */
function gatherWrites(socket: Duplex): void {
	socket.cork();
	process.nextTick(() => socket.uncork());
}

function refuse(socket: Duplex, status: 401 | 403 | 404 | 429 | 503): void {
	socket.once('finish', () => socket.destroy()); // the other side may never close its half
	socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
