import * as decoding from 'lib0/decoding';
import { Refusal } from '#domain/refusal.ts';
import { decodeHello, encodeHello, MESSAGE, PROTOCOL_VERSION, SYNC } from '#protocol/message.ts';
import { receiveUpdate } from './receive-update.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';

/**
 * Handles one frame of a client.
 * @throws {Refusal} for what closes the connection
 */
export function receiveMessage(
	room: Room,
	session: Session,
	frame: Uint8Array,
	updateBytesMax: number
): void {
	const decoder = decoding.createDecoder(frame);
	const type = readVarUint(decoder);
	switch (type) {
		case MESSAGE.sync:
			return receiveSync(room, session, decoder, updateBytesMax);
		case MESSAGE.awareness:
			return room.broadcast(room.presence.receive(session, readBytes(decoder)), session);
		case MESSAGE.queryAwareness: {
			const everybody = room.presence.everybody();
			return everybody && session.send(everybody);
		}
		case MESSAGE.hello:
			return receiveHello(room, session, decoder);
		default:
			throw new Refusal('malformed-update', `unknown message type ${type}`);
	}
}

function receiveSync(room: Room, session: Session, decoder: decoding.Decoder, updateBytesMax: number): void {
	const kind = readVarUint(decoder);
	const bytes = readBytes(decoder);
	switch (kind) {
		case SYNC.step1:
			return room.answerStep1(session, bytes);
		case SYNC.step2:
		case SYNC.update:
			if (bytes.byteLength > updateBytesMax)
				throw new Refusal('too-large', `update of ${bytes.byteLength} bytes`);
			return receiveUpdate(room, session, bytes);
		default:
			throw new Refusal('malformed-update', `unknown sync message ${kind}`);
	}
}

function receiveHello(room: Room, session: Session, decoder: decoding.Decoder): void {
	let hello;
	try {
		hello = decodeHello(decoder);
	} catch (error) {
		throw new Refusal('malformed-update', 'hello does not decode', { cause: error });
	}
	if (hello.seq > 0 && hello.epoch !== room.epoch)
		throw new Refusal('old-epoch', `client is at epoch ${hello.epoch}`);
	session.greeted = true;
	session.send(encodeHello({ version: PROTOCOL_VERSION, epoch: room.epoch, seq: room.committedSeq }));
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
		// a copy: the frame's memory belongs to the socket
		const bytes = decoding.readVarUint8Array(decoder).slice();
		if (decoding.hasContent(decoder)) throw new Error('bytes follow the end of the message');
		return bytes;
	} catch (error) {
		throw new Refusal('malformed-update', 'frame does not decode', { cause: error });
	}
}
