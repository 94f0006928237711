import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** Types of the y-websocket protocol (0–3) and our own (100 and up, only to clients that said hello). */
export const MESSAGE = {
	sync: 0,
	awareness: 1,
	auth: 2,
	queryAwareness: 3,
	hello: 100,
	ack: 101,
	refused: 102,
	clash: 103,
	changes: 104,
	catchUp: 105,
	settled: 106
} as const;

/** Kinds of a sync message. */
export const SYNC = { step1: 0, step2: 1, update: 2 } as const;

/** Version of our own message types; from 2 on there are catch-ups. */
export const PROTOCOL_VERSION = 2;

const MARK_LENGTH = 16;
const MARK = /^(?:[0-9a-f]{16})?$/;

/**
 * Tells the entry of one past of a board from that of another with the same seq: the first 16 digits of its hash.
 * @param hash of the entry, hex
 */
export const markOf = (hash: string): string => hash.slice(0, MARK_LENGTH);

/** Client → server: what it speaks and holds. Server → client: what the board is at. `seq` 0 = nothing yet. */
export interface Hello {
	version: number;
	epoch: number;
	seq: number;
	/** Of a client of version 2 or later: the mark of the entry its copy is at; empty without a copy. */
	mark?: string | undefined;
}
/** After this the client holds all entries up to `seq`. */
export interface CatchUp {
	seq: number;
	/** Mark of that entry. */
	mark: string;
	/** State of the board before `updates`, in the zlib format; absent where the client has it. */
	deflated?: Uint8Array | undefined;
	/** What came after it, in the order of the journal. */
	updates: readonly Uint8Array[];
}
/** The first `count` update-carrying messages (step 2 or update) of this connection are committed; board at `seq`. */
export interface Ack {
	count: number;
	seq: number;
}
/** The `count`-th update-carrying message of this connection was refused as a whole. */
export interface Refused {
	count: number;
	code: string;
	path: string[];
	message: string;
}

/** What somebody set; null where they cleared the key, and for a whole project, map or rich text. */
export interface ClashValue {
	actorId: string;
	value: unknown;
}
/** Two people set one key without having seen each other's value: one of the two stands, none is forgotten. */
export interface Clash {
	/** Number and time of the entry that brought the second value. */
	seq: number;
	at: string;
	path: string[];
	kept: 'standing' | 'incoming';
	/** What the board held, though the second writer had not seen it. */
	standing: ClashValue;
	incoming: ClashValue;
}

/** A clash that somebody settled: what stands is to stay. */
export interface SettledClash {
	/** Number of the entry that brought the clash, and which of its change rows it is. */
	seq: number;
	index: number;
}

/** Frame of a hello: type, version, epoch, seq as var-uints, then the mark as text where there is one. */
export function encodeHello(hello: Hello): Uint8Array {
	return frame(MESSAGE.hello, (encoder) => {
		encoding.writeVarUint(encoder, hello.version);
		encoding.writeVarUint(encoder, hello.epoch);
		encoding.writeVarUint(encoder, hello.seq);
		if (hello.mark !== undefined) encoding.writeVarString(encoder, hello.mark);
	});
}

/** Reads a hello's body (after its type). */
export function decodeHello(decoder: decoding.Decoder): Hello {
	const [version, epoch, seq] = [
		decoding.readVarUint(decoder),
		decoding.readVarUint(decoder),
		decoding.readVarUint(decoder)
	];
	const mark = version > 1 ? readMark(decoder) : undefined;
	return { version, epoch, seq, ...(mark !== undefined && { mark }) };
}

/** What is no mark belongs to a later version. */
function readMark(decoder: decoding.Decoder): string | undefined {
	try {
		const text = decoding.readVarString(decoder);
		return MARK.test(text) ? text : undefined;
	} catch {
		return undefined;
	}
}

/** Frame of a catch-up: type, seq, mark, state (empty = none), then the number of updates and each of them. */
export function encodeCatchUp({ seq, mark, deflated, updates }: CatchUp): Uint8Array {
	return frame(MESSAGE.catchUp, (encoder) => {
		encoding.writeVarUint(encoder, seq);
		encoding.writeVarString(encoder, mark);
		encoding.writeVarUint8Array(encoder, deflated ?? new Uint8Array());
		encoding.writeVarUint(encoder, updates.length);
		for (const update of updates) encoding.writeVarUint8Array(encoder, update);
	});
}

/** Reads a catch-up's body (after its type). */
export function decodeCatchUp(decoder: decoding.Decoder): CatchUp {
	const [seq, mark] = [decoding.readVarUint(decoder), decoding.readVarString(decoder)];
	const deflated = decoding.readVarUint8Array(decoder);
	const updates = Array.from({ length: decoding.readVarUint(decoder) }, () =>
		decoding.readVarUint8Array(decoder)
	);
	return { seq, mark, ...(deflated.byteLength > 0 && { deflated }), updates };
}

/** Frame of an ack: type, count, seq as var-uints. */
export function encodeAck(ack: Ack): Uint8Array {
	return frame(MESSAGE.ack, (encoder) => {
		encoding.writeVarUint(encoder, ack.count);
		encoding.writeVarUint(encoder, ack.seq);
	});
}

/** Reads an ack's body (after its type). */
export function decodeAck(decoder: decoding.Decoder): Ack {
	return { count: decoding.readVarUint(decoder), seq: decoding.readVarUint(decoder) };
}

/** Frame of a refusal: type, count, then `{code, path, message}` as JSON text. */
export function encodeRefused({ count, ...why }: Refused): Uint8Array {
	return frame(MESSAGE.refused, (encoder) => {
		encoding.writeVarUint(encoder, count);
		encoding.writeVarString(encoder, JSON.stringify(why));
	});
}

/** Reads a refusal's body (after its type). */
export function decodeRefused(decoder: decoding.Decoder): Refused {
	const count = decoding.readVarUint(decoder);
	return { count, ...(JSON.parse(decoding.readVarString(decoder)) as Omit<Refused, 'count'>) };
}

/** Frame of change rows, a clash or settled clashes: type, then JSON text. */
export function encodeJson(
	type: typeof MESSAGE.changes | typeof MESSAGE.clash | typeof MESSAGE.settled,
	body: unknown
): Uint8Array {
	return frame(type, (encoder) => encoding.writeVarString(encoder, JSON.stringify(body)));
}

/** Reads the JSON text of a message (after its type). */
export function decodeJson<T>(decoder: decoding.Decoder): T {
	return JSON.parse(decoding.readVarString(decoder)) as T;
}

/** Frame of a sync message: type 0, kind, then the state vector or update as a var-length byte array. */
export function encodeSync(kind: (typeof SYNC)[keyof typeof SYNC], bytes: Uint8Array): Uint8Array {
	return frame(MESSAGE.sync, (encoder) => {
		encoding.writeVarUint(encoder, kind);
		encoding.writeVarUint8Array(encoder, bytes);
	});
}

/** Frame of an awareness message: type 1, then the awareness update. */
export function encodeAwareness(update: Uint8Array): Uint8Array {
	return frame(MESSAGE.awareness, (encoder) => encoding.writeVarUint8Array(encoder, update));
}

function frame(type: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, type);
	write(encoder);
	return encoding.toUint8Array(encoder);
}
