import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Role } from '#domain/roles.ts';
import { CLOSE_CODES, type CloseReason } from '#protocol/close-code.ts';
import type { Who } from '#server/audit/who.ts';
import { type Actor, whoIs } from '#server/auth/actor.ts';
import { Allowance } from './allowance.ts';
import type { Profile } from './deps.ts';
import type { SyncLimits } from './limits.ts';

const WS_OPEN = 1;
const KIB = 1_024;

/** One connection of one person to one board. */
export class Session {
	readonly actor: Actor;
	/** The same for the audit, with the address the connection came from. */
	readonly who: Who;
	readonly profile: Profile;
	readonly boardId: string;
	/** Looked up again while the socket is open. */
	role: Role;
	/** Whether the client said hello, and so understands our own messages. */
	greeted = false;
	/** Which entry the client's copy is at, by its hello; undefined for who knows no catch-ups. */
	copy: { seq: number; mark: string } | undefined;
	/** It was sent everything that is committed, and hears of everything that will be. */
	isInStep = false;
	/** Update-carrying messages received on this connection. */
	updatesReceived = 0;
	/** An update was refused: what follows builds on it, until the client comes back anew. */
	isRefused = false;
	/** Something did not fit and the client was asked for what is missing: no ack until it has answered. */
	isBehind = false;
	/** Acks for fewer messages than these would vouch for what is still on its way. */
	ackFrom = 0;
	/** Answers in a row that did not fit either. */
	gapsInAnswers = 0;
	/** Yjs clients this connection speaks for in awareness. */
	readonly awarenessClients = new Set<number>();

	readonly #socket: WebSocket;
	/** What the websocket writes to. */
	readonly #wire: Writable;
	readonly #limits: SyncLimits;
	readonly #allowance: Allowance;
	/** A reader of a large board has that much waiting without being slow. */
	#largestFrameBytes = 0;
	#isClosing = false;
	#messagesUnderWay = 0;
	#isAlive = true;
	#sentSinceBeat = false;
	#unsentAtBeat = 0;

	constructor(
		{ socket, wire }: { socket: WebSocket; wire: Writable },
		who: { actor: Actor; address: string; profile: Profile; role: Role; boardId: string },
		limits: SyncLimits
	) {
		this.#socket = socket;
		this.#wire = wire;
		this.actor = who.actor;
		this.who = whoIs(who.actor, who.address);
		this.profile = who.profile;
		this.role = who.role;
		this.boardId = who.boardId;
		this.#limits = limits;
		this.#allowance = new Allowance(limits.messageBurst, limits.messagesPerSecond);
	}

	/** The connection was told to end: whatever still comes from it counts for nothing. */
	get isClosing(): boolean {
		return this.#isClosing;
	}

	/** Sends a frame; a reader that lets too much pile up is closed, so that it slows nobody. */
	send(frame: Uint8Array): void {
		if (this.#isClosing || this.#socket.readyState !== WS_OPEN) return;
		if (this.#socket.bufferedAmount > this.#limits.bufferedBytes + this.#largestFrameBytes)
			return this.close('slow-reader');
		this.#largestFrameBytes = Math.max(this.#largestFrameBytes, frame.byteLength);
		this.#sentSinceBeat = true;
		this.#socket.send(frame);
	}

	/** Sends a frame of our own message types, which others would not understand. */
	sendOwn(frame: Uint8Array): void {
		if (this.greeted) this.send(frame);
	}

	/** Keeps frames back, so that all until `release` go out in one write. */
	hold(): void {
		this.#wire.cork();
	}

	release(): void {
		this.#wire.uncork();
	}

	/** Keeps frames back until what is being done now is done. */
	holdForNow(): void {
		this.hold();
		process.nextTick(() => this.release());
	}

	close(reason: CloseReason): void {
		if (this.#isClosing) return;
		this.#isClosing = true;
		this.#socket.close(CLOSE_CODES[reason], reason);
	}

	/** Pays for what a message costs the server; false when there were too many. */
	spend(cost: number): boolean {
		return this.#allowance.spend(cost);
	}

	/** Pays for an answer of this size that was made for this connection alone. */
	spendOnAnswer(bytes: number): boolean {
		return this.spend(Math.min(Math.floor(bytes / KIB), this.#limits.answerCostMax));
	}

	/** Takes a frame's arrival down; false when there were too many or too large ones. */
	noteFrame(bytes: number): boolean {
		this.#isAlive = true;
		return this.spend(1 + Math.floor(bytes / KIB));
	}

	/** Reads nothing more of a connection while something of it takes its time or waits. */
	noteUnderWay(message: void | Promise<void>): void {
		if (!message) return;
		if (this.#messagesUnderWay++ === 0) this.#socket.pause();
		void message.finally(() => {
			if (--this.#messagesUnderWay === 0) this.#socket.resume();
		});
	}

	/** The other side answered a ping. */
	noteAlive(): void {
		this.#isAlive = true;
	}

	/**
	 * Pings the other side, and cuts it off if there was no sign of life since the last time.
	 * @param quiet sent where nothing else was: the usual client gives a connection up that brings it nothing
	 */
	beat(quiet: Uint8Array): void {
		const unsent = this.#socket.bufferedAmount;
		const isReading = unsent < this.#unsentAtBeat;
		this.#unsentAtBeat = unsent;
		if (!this.#isAlive && !isReading) return this.#socket.terminate();
		this.#isAlive = false;
		if (this.#socket.readyState !== WS_OPEN) return;
		this.#socket.ping();
		if (!this.#sentSinceBeat) this.send(quiet);
		this.#sentSinceBeat = false;
	}
}
