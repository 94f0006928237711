import * as encoding from 'lib0/encoding';
import type { Block, DecodedUpdate, DeletedRange } from '#doc/inspection/decode-update.ts';

/** An update cut where it may be joined with others. */
export type UpdateParts = Pick<DecodedUpdate, 'blocks' | 'deleted'>;

/**
 * Joins updates that follow one another into one, by laying their structs end to end: what `Y.mergeUpdates` does,
 * without decoding anything, at a cost that grows with the bytes alone.
 * @returns undefined if one of them does not begin where the one before ended
 */
export function spliceUpdates(updates: readonly UpdateParts[]): Uint8Array | undefined {
	const clients = new Map<number, Block[]>();
	for (const update of updates) {
		for (const block of update.blocks) {
			const blocks = clients.get(block.client);
			if (!blocks) clients.set(block.client, [block]);
			else if (blocks.at(-1)!.end === block.start) blocks.push(block);
			else return undefined;
		}
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

function writeDeleted(encoder: encoding.Encoder, deleted: ReadonlyMap<number, DeletedRange[]>): void {
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
	const all = new Map<number, DeletedRange[]>();
	for (const { deleted } of updates) {
		for (const [client, ranges] of deleted) {
			const others = all.get(client);
			if (others) others.push(...ranges);
			else all.set(client, [...ranges]);
		}
	}
	for (const [client, ranges] of all) if (ranges.length > 1) all.set(client, joinRanges(ranges));
	return all;
}

function joinRanges(ranges: DeletedRange[]): DeletedRange[] {
	const joined: DeletedRange[] = [];
	for (const { clock, len } of ranges.sort((a, b) => a.clock - b.clock)) {
		const last = joined.at(-1);
		if (last && clock <= last.clock + last.len) last.len = Math.max(last.len, clock + len - last.clock);
		else joined.push({ clock, len });
	}
	return joined;
}
