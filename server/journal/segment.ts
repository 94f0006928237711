import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, constants } from 'node:zlib';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { type Entry, hashOf } from './entry.ts';

const compress = promisify(brotliCompress);
const decompress = promisify(brotliDecompress);
/** Measured: 12.3 bytes an update of 32, in 1.4 ms for a thousand; 9 and 11 take 30 times as long for a seventh. */
const QUALITY = 5;
/** No segment holds more; what was not made by packing must not fill the memory. */
const UNPACKED_MAX_BYTES = 64 << 20;
/** Of each entry's hash so many characters are kept: they tell which entry of a segment is not what it was. */
const CHECK_CHARS = 8;
/** Stands in the digest, so that what another version stores is not taken for this. */
const FORMAT = 'tongchou-segment/1';

/** Consecutive entries of one epoch of a board, packed. */
export interface Segment {
	boardId: string;
	fromSeq: number;
	toSeq: number;
	epoch: number;
	/** Hash of the entry before the first, and of the last. */
	prevHash: string;
	hash: string;
	/** When the earliest of them came: not the first, where a clock was set back. */
	earliestAt: string;
	/** Who, in which session, when, and how long each update is; packed. */
	stamps: Uint8Array;
	/** The updates one after the other; packed. */
	updates: Uint8Array;
	/** SHA-256 of all the rest, hex. */
	digest: string;
}

/** What stands beside an update in a segment. */
interface Stamp {
	actorId: string;
	sessionId: string | null;
	receivedAt: string;
	updateBytes: number;
	/** The beginning of the entry's hash. */
	check: string;
}

const pack = async (bytes: Uint8Array) =>
	new Uint8Array(
		await compress(bytes, {
			params: {
				[constants.BROTLI_PARAM_QUALITY]: QUALITY,
				[constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength
			}
		})
	);
const unpack = async (bytes: Uint8Array) =>
	new Uint8Array(await decompress(bytes, { maxOutputLength: UNPACKED_MAX_BYTES }));

/**
 * Packs entries that follow each other in one epoch of a board.
 * @throws if unpacking does not give the very same
 */
export async function packSegment(entries: readonly Entry[]): Promise<Segment> {
	const segment = await encodeSegment(entries);
	if (isSame(await unpackSegment(segment), entries)) return segment;
	throw new Error(`entries ${segment.fromSeq} to ${segment.toSeq} do not come back`);
}

/** A segment of entries, whatever they are. */
export async function encodeSegment(entries: readonly Entry[]): Promise<Segment> {
	const [first, last] = [entries[0]!, entries.at(-1)!];
	const times = entries.map(({ receivedAt }) => receivedAt);
	const bare = {
		boardId: first.boardId,
		fromSeq: first.seq,
		toSeq: last.seq,
		epoch: first.epoch,
		prevHash: first.prevHash,
		hash: last.hash,
		earliestAt: times.reduce((earliest, at) => (at < earliest ? at : earliest)),
		stamps: await pack(encodeStamps(entries)),
		updates: await pack(Buffer.concat(entries.map(({ update }) => update)))
	};
	return { ...bare, digest: digestOf(bare) };
}

function isSame(some: readonly Entry[], others: readonly Entry[]): boolean {
	return some.length === others.length && some.every((entry, index) => entry.hash === others[index]!.hash);
}

/**
 * Unpacks a segment.
 * @returns its entries up to the first that is not what was written; none if the whole is not
 */
export async function unpackSegment(segment: Segment): Promise<Entry[]> {
	if (digestOf(segment) !== segment.digest) return [];
	try {
		const [stamps, updates] = await Promise.all([unpack(segment.stamps), unpack(segment.updates)]);
		return soundOf(segment, decodeStamps(segment, stamps), updates);
	} catch {
		return [];
	}
}

/** When each entry of a segment came, in order; undefined if it is not what was written. */
export async function unpackTimes(segment: Segment): Promise<string[] | undefined> {
	if (digestOf(segment) !== segment.digest) return undefined;
	try {
		return decodeStamps(segment, await unpack(segment.stamps)).map(({ receivedAt }) => receivedAt);
	} catch {
		return undefined;
	}
}

/** The chain goes on from entry to entry, so that each hash follows from what it is of. */
function soundOf(segment: Segment, stamps: readonly Stamp[], updates: Uint8Array): Entry[] {
	const { boardId, fromSeq, toSeq, epoch } = segment;
	const entries: Entry[] = [];
	let { prevHash } = segment;
	let start = 0;
	for (const [index, { actorId, sessionId, receivedAt, updateBytes, check }] of stamps.entries()) {
		const update = updates.slice(start, start + updateBytes);
		start += updateBytes;
		const bare = { boardId, seq: fromSeq + index, epoch, actorId, sessionId, receivedAt, update, prevHash };
		const hash = hashOf(bare);
		if (update.byteLength !== updateBytes || !hash.startsWith(check)) return entries;
		entries.push({ ...bare, hash });
		prevHash = hash;
	}
	const isWhole = entries.at(-1)?.seq === toSeq && prevHash === segment.hash && start === updates.byteLength;
	return isWhole ? entries : entries.slice(0, -1);
}

function digestOf(segment: Omit<Segment, 'digest'>): string {
	const { boardId, fromSeq, toSeq, epoch, prevHash, hash, earliestAt, stamps, updates } = segment;
	const columns = [FORMAT, boardId, fromSeq, toSeq, epoch, prevHash, hash, earliestAt, stamps.byteLength];
	return createHash('sha256').update(JSON.stringify(columns)).update(stamps).update(updates).digest('hex');
}

/** Column by column, since what is alike packs well side by side. */
function encodeStamps(entries: readonly Entry[]): Uint8Array {
	const texts = [...new Set(entries.flatMap(({ actorId, sessionId }) => [actorId, sessionId]))];
	const index = new Map(texts.map((text, at) => [text, at]));
	const millis = entries.map(({ receivedAt }) => Date.parse(receivedAt));
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, entries.length);
		encoding.writeAny(encoder, texts);
		for (const { actorId } of entries) encoding.writeVarUint(encoder, index.get(actorId)!);
		for (const { sessionId } of entries) encoding.writeVarUint(encoder, index.get(sessionId)!);
		for (const { update } of entries) encoding.writeVarUint(encoder, update.byteLength);
		entries.forEach(({ receivedAt }, at) =>
			encodeTime(encoder, receivedAt, millis[at]! - (millis[at - 1] ?? 0))
		);
		for (const { hash } of entries)
			encoding.writeUint8Array(encoder, Buffer.from(hash.slice(0, CHECK_CHARS), 'hex'));
	});
}

/** @throws if there are others than the segment says */
function decodeStamps({ fromSeq, toSeq }: Segment, bytes: Uint8Array): Stamp[] {
	const decoder = decoding.createDecoder(bytes);
	const count = decoding.readVarUint(decoder);
	if (count !== toSeq - fromSeq + 1 || count > bytes.byteLength)
		throw new Error('a segment is not what it was');
	const all = Array.from({ length: count });
	const texts = decoding.readAny(decoder) as (string | null)[];
	const actors = all.map(() => texts[decoding.readVarUint(decoder)] as string);
	const sessions = all.map(() => texts[decoding.readVarUint(decoder)] ?? null);
	const lengths = all.map(() => decoding.readVarUint(decoder));
	const times: string[] = [];
	for (const _ of all) times.push(decodeTime(decoder, times.at(-1)));
	return all.map((_, index) => ({
		actorId: actors[index]!,
		sessionId: sessions[index]!,
		receivedAt: times[index]!,
		updateBytes: lengths[index]!,
		check: Buffer.from(decoding.readUint8Array(decoder, CHECK_CHARS / 2)).toString('hex')
	}));
}

const AS_DIFFERENCE = 0;
const AS_TEXT = 1;

/** A time as the server writes it takes one byte or two; what is written otherwise is kept letter by letter. */
function encodeTime(encoder: encoding.Encoder, at: string, difference: number): void {
	const isUsual = isUsualTime(at) && Number.isSafeInteger(difference);
	encoding.writeVarUint(encoder, isUsual ? AS_DIFFERENCE : AS_TEXT);
	if (isUsual) encoding.writeVarInt(encoder, difference);
	else encoding.writeVarString(encoder, at);
}

function decodeTime(decoder: decoding.Decoder, before: string | undefined): string {
	if (decoding.readVarUint(decoder) === AS_TEXT) return decoding.readVarString(decoder);
	const from = before === undefined ? 0 : Date.parse(before);
	return new Date(from + decoding.readVarInt(decoder)).toISOString();
}

function isUsualTime(at: string): boolean {
	const moment = new Date(at);
	return !Number.isNaN(moment.getTime()) && moment.toISOString() === at;
}
