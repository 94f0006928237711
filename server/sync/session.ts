import type { WebSocket } from 'ws';
import type { Role } from '#domain/roles.ts';
import { CLOSE_CODES, type CloseReason } from '#protocol/close-code.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { Profile } from './deps.ts';
import type { SyncLimits } from './limits.ts';

const WS_OPEN = 1;
const SECOND_MS = 1_000;

/** One connection of one person to one board. */
export class Session {
	readonly actor: Actor;
	readonly profile: Profile;
	readonly boardId: string;
	/** Looked up again while the socket is open. */
	role: Role;
	/** Whether the client said hello, and so understands our own messages. */
	greeted = false;
	/** Update-carrying messages received on this connection. */
	updatesReceived = 0;
	/** An update was refused: what follows builds on it, until the client comes back anew. */
	isRefused = false;
	/** Yjs clients this connection speaks for in awareness. */
	readonly awarenessClients = new Set<number>();

	readonly #socket: WebSocket;
	readonly #limits: SyncLimits;
	#tokens: number;
	#refilledAt = Date.now();

	constructor(
		socket: WebSocket,
		who: { actor: Actor; profile: Profile; role: Role; boardId: string },
		limits: SyncLimits
	) {
		this.#socket = socket;
		this.actor = who.actor;
		this.profile = who.profile;
		this.role = who.role;
		this.boardId = who.boardId;
		this.#limits = limits;
		this.#tokens = limits.messageBurst;
	}

	/** Sends a frame; a reader that lets too much pile up is closed, so that it slows nobody. */
	send(frame: Uint8Array): void {
		if (this.#socket.readyState !== WS_OPEN) return;
		if (this.#socket.bufferedAmount > this.#limits.bufferedBytes) return this.close('slow-reader');
		this.#socket.send(frame);
	}

	/** Sends a frame of our own message types, which others would not understand. */
	sendOwn(frame: Uint8Array): void {
		if (this.greeted) this.send(frame);
	}

	close(reason: CloseReason): void {
		this.#socket.close(CLOSE_CODES[reason], reason);
	}

	/** Counts a message; false when there were too many. */
	takeToken(): boolean {
		const now = Date.now();
		const refill = ((now - this.#refilledAt) / SECOND_MS) * this.#limits.messagesPerSecond;
		this.#tokens = Math.min(this.#limits.messageBurst, this.#tokens + refill);
		this.#refilledAt = now;
		this.#tokens -= 1;
		return this.#tokens >= 0;
	}
}
