import { CLOSE_CODES, type CloseReason } from '#protocol/close-code.ts';

/** What a connection tells of itself. */
export interface ConnectionEvents {
	onOpen(): void;
	onFrame(frame: Uint8Array): void;
	/** The line is gone; it is tried again unless `reason` is one of those that end it. */
	onLost(): void;
	/** The server ended it and trying again would not help. */
	onEnded(reason: CloseReason): void;
	/** The server could not be reached: finds out whether it would let this person in at all. */
	probe(): Promise<CloseReason | undefined>;
}

/** Reasons for which the same request would be refused again. */
const FINAL: ReadonlySet<CloseReason> = new Set(['signed-out', 'no-access', 'no-such-board', 'old-epoch']);
/** What this client sent was refused; the same again and again is no use either. */
const OURS: ReadonlySet<CloseReason> = new Set(['malformed', 'too-large']);
const OURS_IN_A_ROW_MAX = 3;

const RETRY_FIRST_MS = 300;
const RETRY_MAX_MS = 10_000;
/** The server says something at least every 15 s; after this the line is dead, whatever the socket believes. */
const SILENCE_MAX_MS = 40_000;
const SILENCE_CHECK_MS = 5_000;

/**
 * How long to wait before the n-th try in a row: longer each time, and not the same for everybody, so that a server
 * that comes back is not run over.
 * @param random in 0..1
 */
export function retryDelayMs(tries: number, random: number): number {
	const longest = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** tries);
	return longest / 2 + (longest / 2) * random;
}

/** Why a socket closed, by its code; undefined for a lost line. */
function closeReason(code: number): CloseReason | undefined {
	return (Object.keys(CLOSE_CODES) as CloseReason[]).find((reason) => CLOSE_CODES[reason] === code);
}

/** One websocket that comes back by itself: after a lost line, a restarted server, a sleeping laptop. */
export class Connection {
	readonly #url: string;
	readonly #events: ConnectionEvents;
	#socket: WebSocket | undefined;
	#retryTimer: ReturnType<typeof setTimeout> | undefined;
	#silenceTimer: ReturnType<typeof setInterval> | undefined;
	#heardAt = 0;
	#tries = 0;
	#oursInARow = 0;
	#isRunning = false;

	constructor(url: string, events: ConnectionEvents) {
		this.#url = url;
		this.#events = events;
	}

	get isOpen(): boolean {
		return this.#socket?.readyState === WebSocket.OPEN;
	}

	/** Begins, and goes on until `stop`. */
	start(): void {
		if (this.#isRunning) return;
		this.#isRunning = true;
		addEventListener('online', this.#retryNow);
		addEventListener('offline', this.#drop);
		document.addEventListener('visibilitychange', this.#retryNow);
		this.#silenceTimer = setInterval(() => this.#checkSilence(), SILENCE_CHECK_MS);
		this.#connect();
	}

	stop(): void {
		this.#isRunning = false;
		removeEventListener('online', this.#retryNow);
		removeEventListener('offline', this.#drop);
		document.removeEventListener('visibilitychange', this.#retryNow);
		clearInterval(this.#silenceTimer);
		clearTimeout(this.#retryTimer);
		this.#forget()?.close();
	}

	/** Sends a frame; false where there is no line. */
	send(frame: Uint8Array): boolean {
		if (!this.isOpen) return false;
		this.#socket!.send(frame as Uint8Array<ArrayBuffer>);
		return true;
	}

	/** The server took something in: what went wrong before is over. */
	noteAccepted(): void {
		this.#oursInARow = 0;
	}

	#connect(): void {
		clearTimeout(this.#retryTimer);
		this.#retryTimer = undefined;
		const socket = new WebSocket(this.#url);
		socket.binaryType = 'arraybuffer';
		this.#socket = socket;
		let wasOpen = false;
		socket.onopen = () => {
			wasOpen = true;
			this.#heardAt = Date.now();
			this.#events.onOpen();
		};
		socket.onmessage = ({ data }) => {
			this.#heardAt = Date.now();
			this.#tries = 0;
			this.#events.onFrame(new Uint8Array(data as ArrayBuffer));
		};
		socket.onclose = ({ code }) => {
			this.#forget();
			if (wasOpen) this.#onClosed(closeReason(code));
			else void this.#onUnreachable();
		};
	}

	#onClosed(reason: CloseReason | undefined): void {
		this.#events.onLost();
		if (reason !== undefined && OURS.has(reason)) this.#oursInARow += 1;
		const isFinal = reason !== undefined && (FINAL.has(reason) || this.#oursInARow >= OURS_IN_A_ROW_MAX);
		if (isFinal) this.#end(reason);
		else this.#retryLater();
	}

	/** A browser does not say why an upgrade was refused. */
	async #onUnreachable(): Promise<void> {
		this.#events.onLost();
		const reason = await this.#events.probe();
		if (!this.#isRunning || this.#socket) return;
		if (reason) this.#end(reason);
		else this.#retryLater();
	}

	#end(reason: CloseReason): void {
		this.stop();
		this.#events.onEnded(reason);
	}

	#retryLater(): void {
		if (!this.#isRunning || this.#retryTimer !== undefined) return;
		const delayMs = retryDelayMs(this.#tries++, Math.random());
		this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
	}

	readonly #retryNow = (): void => {
		if (this.#isRunning && !this.#socket && document.visibilityState === 'visible') this.#connect();
	};

	/** Gives the line up: the browser knows that there is no network, long before the socket does. */
	readonly #drop = (): void => {
		const socket = this.#forget();
		if (!socket) return;
		socket.close();
		this.#events.onLost();
		this.#retryLater();
	};

	/** Lets the socket go; nothing it still says is heard. */
	#forget(): WebSocket | undefined {
		const socket = this.#socket;
		this.#socket = undefined;
		if (socket) socket.onopen = socket.onmessage = socket.onclose = null;
		return socket;
	}

	#checkSilence(): void {
		if (this.isOpen && Date.now() - this.#heardAt > SILENCE_MAX_MS) this.#drop();
	}
}
