import { once } from 'node:events';
import * as decoding from 'lib0/decoding';
import { inflateSync } from 'node:zlib';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { decodeAck, decodeCatchUp, decodeHello, encodeSync, MESSAGE, SYNC } from '../src/protocol/message.ts';
import type { Contender, Copy } from './contender.ts';

const EMPTY_UPDATE = Y.encodeStateAsUpdate(new Y.Doc());
const EMPTY_STATE_VECTOR = Y.encodeStateVector(new Y.Doc());
/** The copy of a client that has nothing yet and will keep one. */
export const NO_COPY: Copy = { epoch: 0, seq: 0, mark: '' };
const JOIN_TIMEOUT_MS = 60_000;
/** A server that stores while it takes in may need longer for what was sent before a question. */
const ANSWER_TIMEOUT_MS = 180_000;

/** The update in a frame, if it is a sync message that carries one. */
export function updateIn(frame: Uint8Array): { kind: number; update: Uint8Array } | undefined {
	const decoder = decoding.createDecoder(frame);
	if (decoding.readVarUint(decoder) !== MESSAGE.sync) return undefined;
	return { kind: decoding.readVarUint(decoder), update: decoding.readVarUint8Array(decoder) };
}

/** How many update-carrying messages an ack vouches for, the answer to the server's question among them. */
export function ackedIn(frame: Uint8Array): number {
	const decoder = decoding.createDecoder(frame);
	decoding.readVarUint(decoder);
	return decodeAck(decoder).count;
}

/** One connection that does as little as possible itself, so that the server is what is measured. */
export class LoadClient {
	readonly #contender: Contender;
	readonly #room: string;
	readonly #socket: WebSocket;
	#onState: ((update: Uint8Array) => void) | undefined;
	bytesReceived = 0;
	/** What a client that keeps a copy would have by now. */
	copy: Copy = NO_COPY;
	/** Hears each frame of the server in the y-websocket form. */
	onFrame: (frame: Uint8Array) => void = () => {};

	constructor(contender: Contender, room: string, client: number) {
		const { url, headers } = contender.entrance(room, client);
		this.#contender = contender;
		this.#room = room;
		this.#socket = new WebSocket(url, { headers, perMessageDeflate: false });
		this.#socket.on('message', (data: Buffer) => this.#receive(data));
		this.#socket.on('error', () => undefined); // seen as a close
	}

	#receive(data: Buffer): void {
		this.bytesReceived += data.byteLength;
		const frame = this.#contender.unwrap(data);
		if (!frame) return;
		if (frame[0] === MESSAGE.hello || frame[0] === MESSAGE.catchUp) this.#noteCopy(frame);
		if (frame[0] === MESSAGE.sync && frame[1] !== SYNC.update) this.#onStep(frame);
		this.onFrame(frame);
	}

	/** Answers the server's question for what this client has, which is nothing; hears the answer to its own. */
	#onStep(frame: Uint8Array): void {
		const sync = updateIn(frame);
		if (sync?.kind === SYNC.step1) this.send(encodeSync(SYNC.step2, EMPTY_UPDATE));
		if (sync?.kind === SYNC.step2) this.#onState?.(sync.update);
	}

	#noteCopy(frame: Uint8Array): void {
		const decoder = decoding.createDecoder(frame);
		const isHello = decoding.readVarUint(decoder) === MESSAGE.hello;
		if (isHello) return void (this.copy = { ...this.copy, epoch: decodeHello(decoder).epoch });
		const { seq, mark } = decodeCatchUp(decoder);
		this.copy = { ...this.copy, seq, mark };
	}

	send(frame: Uint8Array): void {
		if (this.#socket.readyState === WebSocket.OPEN)
			this.#socket.send(this.#contender.wrap(this.#room, frame));
	}

	sendUpdate(update: Uint8Array): void {
		this.send(encodeSync(SYNC.update, update));
	}

	/** Opens the connection and nothing more. @param copy what this client has, if it speaks as one that keeps copies */
	async open(copy?: Copy): Promise<void> {
		await once(this.#socket, 'open', { signal: AbortSignal.timeout(JOIN_TIMEOUT_MS) });
		for (const frame of this.#contender.greeting(this.#room, copy)) this.#socket.send(frame);
	}

	/** Opens, asks for the state and resolves with what came. */
	async join(stateVector: Uint8Array = EMPTY_STATE_VECTOR, copy?: Copy): Promise<Uint8Array> {
		await this.open(copy);
		return this.ask(stateVector);
	}

	/** Asks for what is missing from a state vector on; the answer comes after all that was sent before. */
	ask(stateVector: Uint8Array): Promise<Uint8Array> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => reject(new Error('no state came')), ANSWER_TIMEOUT_MS);
			this.#onState = (update) => {
				clearTimeout(timer);
				this.#onState = undefined;
				resolve(update);
			};
			this.send(encodeSync(SYNC.step1, stateVector));
		});
	}

	/** Brings the update of a frame, if it holds one, into a document. */
	applyTo(doc: Y.Doc, frame: Uint8Array): void {
		if (frame[0] === MESSAGE.catchUp) return this.#catchUp(doc, frame);
		const sync = updateIn(frame);
		if (sync && sync.kind !== SYNC.step1) Y.applyUpdate(doc, sync.update);
	}

	#catchUp(doc: Y.Doc, frame: Uint8Array): void {
		const decoder = decoding.createDecoder(frame);
		decoding.readVarUint(decoder);
		const { deflated, updates } = decodeCatchUp(decoder);
		if (deflated) Y.applyUpdate(doc, inflateSync(deflated));
		for (const update of updates) Y.applyUpdate(doc, update);
	}

	/** Whether the connection is gone. */
	get isClosed(): boolean {
		return this.#socket.readyState >= WebSocket.CLOSING;
	}

	close(): void {
		this.#socket.terminate();
	}
}
