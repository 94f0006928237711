import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Refusal } from '#domain/refusal.ts';
import { encodeAwareness } from '#protocol/message.ts';

/** One Yjs client in an awareness update; its state is JSON text, `null` = left. */
export interface AwarenessEntry {
	clientId: number;
	clock: number;
	json: string;
}

/** Clocks count changes of one session by one; more would leave no room for counting on. */
const CLOCK_MAX = 2 ** 32;

/**
 * Reads an awareness update.
 * @throws {Refusal} `malformed-update`, `too-large` if it names more than so many Yjs clients
 */
export function decodeAwareness(update: Uint8Array, most = Number.POSITIVE_INFINITY): AwarenessEntry[] {
	try {
		const decoder = decoding.createDecoder(update);
		const count = decoding.readVarUint(decoder);
		if (count > most) throw new Refusal('too-large', `awareness of ${count} clients`);
		const entries: AwarenessEntry[] = [];
		for (let index = 0; index < count; index++) {
			const clientId = decoding.readVarUint(decoder);
			const clock = decoding.readVarUint(decoder);
			if (clock > CLOCK_MAX) throw new Error(`clock ${clock} is out of range`);
			entries.push({ clientId, clock, json: decoding.readVarString(decoder) });
		}
		return entries;
	} catch (error) {
		if (error instanceof Refusal) throw error;
		throw new Refusal('malformed-update', 'awareness update does not decode', { cause: error });
	}
}

/** Frame of awareness entries. */
export function encodeAwarenessEntries(entries: readonly AwarenessEntry[]): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, entries.length);
	for (const { clientId, clock, json } of entries) {
		encoding.writeVarUint(encoder, clientId);
		encoding.writeVarUint(encoder, clock);
		encoding.writeVarString(encoder, json);
	}
	return encodeAwareness(encoding.toUint8Array(encoder));
}
