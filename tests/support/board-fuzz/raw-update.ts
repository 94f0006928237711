import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

/** An update taken apart: what stands in it, in its order, right or wrong. */
export interface RawUpdate {
	blocks: { client: number; clock: number; structs: (Y.Item | Y.GC | Y.Skip)[] }[];
	deleted: { client: number; ranges: { clock: number; len: number }[] }[];
}

/** Takes an update apart. */
export function takeApart(update: Uint8Array): RawUpdate {
	const { structs, ds } = Y.decodeUpdate(update);
	const blocks: RawUpdate['blocks'] = [];
	for (const struct of structs) {
		const last = blocks.at(-1);
		if (last?.client === struct.id.client) last.structs.push(struct);
		else blocks.push({ client: struct.id.client, clock: struct.id.clock, structs: [struct] });
	}
	const deleted = [...ds.clients].map(([client, ranges]) => ({ client, ranges: [...ranges] }));
	return { blocks, deleted };
}

/** Writes an update as it is described, whether it makes sense or not. */
export function putTogether({ blocks, deleted }: RawUpdate): Uint8Array {
	const encoder = new Y.UpdateEncoderV1();
	const { restEncoder } = encoder;
	encoding.writeVarUint(restEncoder, blocks.length);
	for (const { client, clock, structs } of blocks) {
		encoding.writeVarUint(restEncoder, structs.length);
		encoder.writeClient(client);
		encoding.writeVarUint(restEncoder, clock);
		for (const struct of structs) struct.write(encoder, 0);
	}
	encoding.writeVarUint(restEncoder, deleted.length);
	for (const { client, ranges } of deleted) {
		encoding.writeVarUint(restEncoder, client);
		encoding.writeVarUint(restEncoder, ranges.length);
		for (const { clock, len } of ranges) {
			encoding.writeVarUint(restEncoder, clock);
			encoding.writeVarUint(restEncoder, len);
		}
	}
	return encoder.toUint8Array();
}

/** What an item says of itself. */
export interface ItemParts {
	client: number;
	clock: number;
	origin?: Y.ID | null;
	rightOrigin?: Y.ID | null;
	parent?: Y.ID | string | null;
	key?: string | null;
	content: Y.Item['content'];
}

/** An item for an update, not for a document. */
export function makeItem({ client, clock, origin, rightOrigin, parent, key, content }: ItemParts): Y.Item {
	return new Y.Item(
		Y.createID(client, clock),
		null,
		origin ?? null,
		null,
		rightOrigin ?? null,
		(parent ?? null) as Y.ID | null,
		key ?? null,
		content
	);
}
