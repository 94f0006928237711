import * as decoding from 'lib0/decoding';
import { Refusal } from '#domain/refusal.ts';
import { decodeHello, MESSAGE, SYNC } from '#protocol/message.ts';
import type { SyncDeps } from './deps.ts';
import { receiveUpdate } from './receive-update.ts';
import type { Room } from './room.ts';
import { inTurns } from './turns.ts';
import type { Session } from './session.ts';

type Deps = Pick<SyncDeps, 'limits' | 'log' | 'audit' | 'noteRefused'>;

/**
 * Handles one frame of a client.
 * @returns what resolves when it is done; nothing if it is already
 * @throws {Refusal} for what closes the connection
 */
export function receiveMessage(
	room: Room,
	session: Session,
	frame: Uint8Array,
	deps: Deps
): void | Promise<void> {
	const decoder = decoding.createDecoder(frame);
	const type = readVarUint(decoder);
	switch (type) {
		case MESSAGE.sync:
			return receiveSync({ room, session, deps }, decoder);
		case MESSAGE.awareness:
			return room.presence.receive(session, readBytes(decoder));
		case MESSAGE.queryAwareness:
			return answerWhoIsHere(room, session);
		case MESSAGE.hello:
			return receiveHello(room, session, decoder);
		default:
			throw new Refusal('malformed-update', `unknown message type ${type}`);
	}
}

function answerWhoIsHere(room: Room, session: Session): void {
	const everybody = room.presence.everybody();
	if (!everybody) return;
	if (!session.spendOnAnswer(everybody.byteLength)) throw new Refusal('too-fast', 'too many questions');
	session.send(everybody);
}

type Context = { room: Room; session: Session; deps: Deps };

function receiveSync({ room, session, deps }: Context, decoder: decoding.Decoder): void | Promise<void> {
	const { limits } = deps;
	const kind = readVarUint(decoder);
	const bytes = readBytes(decoder);
	switch (kind) {
		case SYNC.step1:
			if (bytes.byteLength > limits.stateVectorBytes)
				throw new Refusal('too-large', `state vector of ${bytes.byteLength} bytes`);
			if (!session.spend(limits.step1Cost)) throw new Refusal('too-fast', 'too many sync steps');
			return room.answerStep1(session, bytes);
		case SYNC.step2:
		case SYNC.update:
			if (bytes.byteLength > limits.updateBytes)
				throw new Refusal('too-large', `update of ${bytes.byteLength} bytes`);
			return inTurns(receiveUpdate(room, session, { kind, update: bytes }, deps));
		default:
			throw new Refusal('malformed-update', `unknown sync message ${kind}`);
	}
}

/** Bytes after the known ones are left to later versions. */
function receiveHello(room: Room, session: Session, decoder: decoding.Decoder): void {
	let hello;
	try {
		hello = decodeHello(decoder);
	} catch (error) {
		throw new Refusal('malformed-update', 'hello does not decode', { cause: error });
	}
	room.greeter.hello(session, hello);
}

function readVarUint(decoder: decoding.Decoder): number {
	try {
		return decoding.readVarUint(decoder);
	} catch (error) {
		throw new Refusal('malformed-update', 'frame does not decode', { cause: error });
	}
}

/** The last part of a frame: a byte array that ends with it. */
function readBytes(decoder: decoding.Decoder): Uint8Array {
	try {
		const bytes = decoding.readVarUint8Array(decoder);
		// lib0 looks at the memory the frame lies in, not at its end: a length that is too large shows here
		if (decoding.hasContent(decoder)) throw new Error('the length is not that of the rest of the frame');
		return bytes.slice(); // the frame's memory belongs to the socket
	} catch (error) {
		throw new Refusal('malformed-update', 'frame does not decode', { cause: error });
	}
}
