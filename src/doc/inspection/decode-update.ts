import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';

export type Struct = Y.Item | Y.GC | Y.Skip;
export interface DecodedUpdate {
	/** By client, each in the order of its clocks. */
	structs: Map<number, Struct[]>;
	/** By client: ranges of deleted clocks. */
	deleted: Map<number, { clock: number; len: number }[]>;
	structCount: number;
}

/** A hostile update of few bytes must not cost more than an honest one of the same purpose. */
export const STRUCTS_PER_UPDATE_MAX = 400_000;

/** Keeps hold of the reader, so that bytes after the end can be seen. */
class WatchedDecoder extends Y.UpdateDecoderV1 {
	static last: WatchedDecoder | undefined;
	constructor(decoder: ConstructorParameters<typeof Y.UpdateDecoderV1>[0]) {
		super(decoder);
		WatchedDecoder.last = this;
	}
}

/**
 * Decodes an update (encoding V1) lazily, without touching a document.
 * @throws {Refusal} `malformed-update` if it does not decode to its last byte, `too-large` over the cap
 */
export function decodeUpdate(update: Uint8Array): DecodedUpdate {
	const { structs, ds } = decode(update);
	if (structs.length > STRUCTS_PER_UPDATE_MAX)
		throw new Refusal('too-large', `update holds ${structs.length} structs`);
	const byClient = new Map<number, Struct[]>();
	for (const struct of structs) {
		const list = byClient.get(struct.id.client);
		const last = list?.at(-1);
		if (last && last.id.clock + last.length !== struct.id.clock) {
			throw new Refusal('malformed-update', `client ${struct.id.client} stands twice`);
		}
		if (struct.length < 1) throw new Refusal('malformed-update', 'a struct has no length');
		if (list) list.push(struct);
		else byClient.set(struct.id.client, [struct]);
	}
	return { structs: byClient, deleted: ds.clients, structCount: structs.length };
}

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
	try {
		const decoded = Y.decodeUpdateV2(update, WatchedDecoder);
		const { pos, arr } = WatchedDecoder.last!.restDecoder;
		if (pos !== arr.length) throw new Refusal('malformed-update', 'bytes follow the end of the update');
		return decoded;
	} catch (error) {
		if (error instanceof Refusal) throw error;
		throw new Refusal('malformed-update', 'update does not decode', { cause: error });
	} finally {
		WatchedDecoder.last = undefined;
	}
}
