import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { DecodedUpdate, DeletedRange } from '#doc/inspection/decode-update.ts';

/** What an update holds of one client: structs of the clocks from `start` up to `end`, as they are written. */
interface Block {
	client: number;
	start: number;
	end: number;
	count: number;
	structs: Uint8Array;
}

/** An update cut where it may be joined with others. */
export interface UpdateParts {
	blocks: Block[];
	deleted: ReadonlyMap<number, readonly DeletedRange[]>;
}

/** Cuts an update (encoding V1) apart; undefined where it is written in another way than Yjs does. */
export function cutUpdate(update: Uint8Array, decoded: DecodedUpdate): UpdateParts | undefined {
	const tail = encoding.encode((encoder) => writeDeleted(encoder, decoded.deleted));
	const lists = [...decoded.structs.values()];
	if (lists.length !== decoded.blockStarts.length || !endsWith(update, tail)) return undefined;
	const blocks: Block[] = [];
	for (const [index, structs] of lists.entries()) {
		const decoder = decoding.createDecoder(update);
		const next = lists[index + 1];
		const nextStart = decoded.blockStarts[index + 1];
		const bytesEnd = next
			? startOfCount(decoder, next.length, nextStart!)
			: update.byteLength - tail.byteLength;
		if (bytesEnd === undefined) return undefined;
		decoder.pos = decoded.blockStarts[index]!;
		const client = decoding.readVarUint(decoder);
		const start = decoding.readVarUint(decoder);
		const last = structs.at(-1)!;
		const end = last.id.clock + last.length;
		blocks.push({
			client,
			start,
			end,
			count: structs.length,
			structs: update.subarray(decoder.pos, bytesEnd)
		});
	}
	return { blocks, deleted: decoded.deleted };
}

/** Before a block stands how many structs it holds; undefined if that is not written in the shortest way. */
function startOfCount(decoder: decoding.Decoder, count: number, blockStart: number): number | undefined {
	const start = blockStart - encoding.encode((encoder) => encoding.writeVarUint(encoder, count)).byteLength;
	decoder.pos = start;
	return decoding.readVarUint(decoder) === count && decoder.pos === blockStart ? start : undefined;
}

function endsWith(bytes: Uint8Array, tail: Uint8Array): boolean {
	const from = bytes.byteLength - tail.byteLength;
	return from >= 0 && tail.every((byte, index) => bytes[from + index] === byte);
}

/**
 * Joins updates that follow one another into one, by laying their structs end to end: what `Y.mergeUpdates` does,
 * without decoding anything, at a cost that grows with the bytes alone.
 * @returns undefined if one of them does not begin where the one before ended
 */
export function spliceUpdates(updates: readonly UpdateParts[]): Uint8Array | undefined {
	const clients = new Map<number, Block[]>();
	for (const block of updates.flatMap(({ blocks }) => blocks)) {
		const blocks = clients.get(block.client);
		if (!blocks) clients.set(block.client, [block]);
		else if (blocks.at(-1)!.end === block.start) blocks.push(block);
		else return undefined;
	}
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, clients.size);
		// the order in which Yjs writes and integrates them
		for (const client of [...clients.keys()].sort((a, b) => b - a))
			writeBlocks(encoder, clients.get(client)!);
		writeDeleted(encoder, joinDeleted(updates));
	});
}

function writeBlocks(encoder: encoding.Encoder, blocks: readonly Block[]): void {
	encoding.writeVarUint(
		encoder,
		blocks.reduce((sum, { count }) => sum + count, 0)
	);
	encoding.writeVarUint(encoder, blocks[0]!.client);
	encoding.writeVarUint(encoder, blocks[0]!.start);
	for (const { structs } of blocks) encoding.writeUint8Array(encoder, structs);
}

function writeDeleted(
	encoder: encoding.Encoder,
	deleted: ReadonlyMap<number, readonly DeletedRange[]>
): void {
	encoding.writeVarUint(encoder, deleted.size);
	for (const [client, ranges] of deleted) {
		encoding.writeVarUint(encoder, client);
		encoding.writeVarUint(encoder, ranges.length);
		for (const { clock, len } of ranges) {
			encoding.writeVarUint(encoder, clock);
			encoding.writeVarUint(encoder, len);
		}
	}
}

/** Every client's ranges in order, those that touch as one. */
function joinDeleted(updates: readonly UpdateParts[]): Map<number, DeletedRange[]> {
	const all = updates.flatMap(({ deleted }) => [...deleted]);
	const byClient = Map.groupBy(all, ([client]) => client);
	return new Map(
		Array.from(byClient, ([client, lists]) => [client, joinRanges(lists.flatMap(([, ranges]) => ranges))])
	);
}

function joinRanges(ranges: readonly DeletedRange[]): DeletedRange[] {
	const joined: DeletedRange[] = [];
	for (const { clock, len } of ranges.toSorted((a, b) => a.clock - b.clock)) {
		const last = joined.at(-1);
		if (last && clock <= last.clock + last.len) last.len = Math.max(last.len, clock + len - last.clock);
		else joined.push({ clock, len });
	}
	return joined;
}
