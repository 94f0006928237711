import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, inflate, inflateSync } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

const compress = promisify(deflate);
const decompress = promisify(inflate);
/** 5 of 9: the higher ones take two to fifty times as long for the last percent. */
const LEVEL = 5;
/** In front of what is stored: a packing alone would let damage through as other bytes. */
const DIGEST_BYTES = 32;
/** Stands in the digest, so that what an older version stored is not taken for this. */
const FORMAT = Uint8Array.of(2);

/** A board's state as it is stored and sent: any browser can unpack it, and its state vector needs no unpacking. */
export interface PackedState {
	stateVector: Uint8Array;
	/** The document as an update, encoding V1, in the zlib format. */
	deflated: Uint8Array;
}

/** Packs a document's state. */
export async function packState(doc: Y.Doc): Promise<PackedState> {
	const deflated = await compress(Y.encodeStateAsUpdate(doc), { level: LEVEL });
	return { stateVector: Y.encodeStateVector(doc), deflated: new Uint8Array(deflated) };
}

/** The state as an update, encoding V1. @throws if the bytes are damaged */
export function unpackState({ deflated }: PackedState): Uint8Array {
	return new Uint8Array(inflateSync(deflated));
}

/** How many Yjs clients have written in a state. */
export function clientsOf({ stateVector }: PackedState): number {
	return decoding.readVarUint(decoding.createDecoder(stateVector));
}

/** Whether a state is of more bytes than some; found out beside the program. @throws if the bytes are damaged */
export async function isLargerThan({ deflated }: PackedState, bytes: number): Promise<boolean> {
	try {
		await decompress(deflated, { maxOutputLength: bytes });
		return false;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return true;
		throw error;
	}
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(FORMAT).update(bytes).digest();

/** A packed state as it is stored. */
export function encodePacked({ stateVector, deflated }: PackedState): Uint8Array {
	const content = encoding.encode((encoder) => {
		encoding.writeVarUint8Array(encoder, stateVector);
		encoding.writeVarUint8Array(encoder, deflated);
	});
	return Buffer.concat([digestOf(content), content]);
}

/** Reads a stored state; it is still packed. @throws if the bytes are damaged */
export function decodePacked(stored: Uint8Array): PackedState {
	const content = stored.subarray(DIGEST_BYTES);
	if (!digestOf(content).equals(stored.subarray(0, DIGEST_BYTES))) throw new Error('a snapshot is damaged');
	const decoder = decoding.createDecoder(content);
	return {
		stateVector: decoding.readVarUint8Array(decoder),
		deflated: decoding.readVarUint8Array(decoder)
	};
}
