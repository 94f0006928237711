import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import * as decoding from 'lib0/decoding';
import { type ClientOptions, WebSocket } from 'ws';
import {
	type Ack,
	type CatchUp,
	type Clash,
	decodeAck,
	decodeCatchUp,
	decodeHello,
	decodeJson,
	decodeRefused,
	type Hello,
	MESSAGE,
	type Refused,
	type SettledClash,
	SYNC
} from '#protocol/message.ts';
import type { RecordedChange } from '#domain/change.ts';
import { until } from './until.ts';

/** A frame of the server, read. */
export type Heard =
	| { type: 'step1'; stateVector: Uint8Array }
	| { type: 'step2'; update: Uint8Array }
	| { type: 'update'; update: Uint8Array }
	| { type: 'awareness'; update: Uint8Array }
	| { type: 'hello'; hello: Hello }
	| { type: 'ack'; ack: Ack }
	| { type: 'refused'; refused: Refused }
	| { type: 'clash'; clash: Clash }
	| { type: 'changes'; changes: RecordedChange[] }
	| { type: 'catchUp'; catchUp: CatchUp }
	| { type: 'settled'; settled: SettledClash[] };

/** Reads a frame of the server. @throws for anything the protocol does not have */
export function readFrame(frame: Uint8Array): Heard {
	const decoder = decoding.createDecoder(frame);
	const type = decoding.readVarUint(decoder);
	switch (type) {
		case MESSAGE.sync:
			return readSync(decoder);
		case MESSAGE.awareness:
			return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
		case MESSAGE.hello:
			return { type: 'hello', hello: decodeHello(decoder) };
		case MESSAGE.ack:
			return { type: 'ack', ack: decodeAck(decoder) };
		case MESSAGE.refused:
			return { type: 'refused', refused: decodeRefused(decoder) };
		case MESSAGE.clash:
			return { type: 'clash', clash: decodeJson<Clash>(decoder) };
		case MESSAGE.changes:
			return { type: 'changes', changes: decodeJson<RecordedChange[]>(decoder) };
		case MESSAGE.catchUp:
			return { type: 'catchUp', catchUp: decodeCatchUp(decoder) };
		case MESSAGE.settled:
			return { type: 'settled', settled: decodeJson<SettledClash[]>(decoder) };
		default:
			throw new Error(`the server sent a message of type ${type}`);
	}
}

function readSync(decoder: decoding.Decoder): Heard {
	const kind = decoding.readVarUint(decoder);
	const bytes = decoding.readVarUint8Array(decoder);
	if (kind === SYNC.step1) return { type: 'step1', stateVector: bytes };
	return { type: kind === SYNC.step2 ? 'step2' : 'update', update: bytes };
}

/** The server refused the upgrade. */
export class UpgradeRefused extends Error {
	readonly status: number;
	constructor(status: number) {
		super(`the upgrade was refused with ${status}`);
		this.status = status;
	}
}

/** How somebody shows who they are. */
export interface Credentials {
	token?: string;
	cookie?: string;
	origin?: string;
}

export function headersFor({ token, cookie, origin }: Credentials): Record<string, string> {
	return {
		...(token !== undefined && { authorization: `Bearer ${token}` }),
		...(cookie !== undefined && { cookie }),
		...(origin !== undefined && { origin })
	};
}

/** A websocket whose every byte the test decides on; it answers nothing by itself. */
export class RawClient {
	readonly socket: WebSocket;
	/** All the server has sent, in order. */
	readonly heard: Heard[] = [];
	/** Pings answered. */
	pongs = 0;
	/** How the connection ended. */
	closed: { code: number; reason: string } | undefined;

	private constructor(socket: WebSocket) {
		this.socket = socket;
		socket.on('message', (data: Buffer) => this.heard.push(readFrame(new Uint8Array(data))));
		socket.on('pong', () => (this.pongs += 1));
		socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
		socket.on('error', () => undefined);
	}

	/** @param path what follows `/sync` @throws {UpgradeRefused} */
	static async open(
		{ origin }: { origin: string },
		path: string,
		credentials: Credentials,
		options: ClientOptions = {}
	): Promise<RawClient> {
		const socket = new WebSocket(`${origin.replace('http', 'ws')}/sync${path}`, {
			headers: headersFor(credentials),
			...options
		});
		const client = new RawClient(socket);
		const refused = once(socket, 'unexpected-response').then(([, response]) => {
			socket.terminate();
			throw new UpgradeRefused((response as IncomingMessage).statusCode ?? 0);
		});
		await Promise.race([once(socket, 'open'), refused]);
		refused.catch(() => undefined);
		return client;
	}

	send(...frames: (Uint8Array | number[])[]): void {
		for (const frame of frames) this.socket.send(Uint8Array.from(frame));
	}

	/** The frames of one type so far. */
	all<T extends Heard['type']>(type: T): Extract<Heard, { type: T }>[] {
		return this.heard.filter((heard): heard is Extract<Heard, { type: T }> => heard.type === type);
	}

	/** Waits for the `count`-th frame of a type. */
	async get<T extends Heard['type']>(type: T, count = 1): Promise<Extract<Heard, { type: T }>> {
		await until(`${type} ${count}`, () => this.all(type).length >= count || this.closed);
		const found = this.all(type)[count - 1];
		if (!found) throw new Error(`closed with ${JSON.stringify(this.closed)} before ${type} ${count}`);
		return found;
	}

	/** Waits for the end of the connection; its code. */
	async closeCode(): Promise<number> {
		await until('the close', () => this.closed);
		return this.closed!.code;
	}

	/** Ends the connection without a word. */
	terminate(): void {
		this.socket.terminate();
	}
}
