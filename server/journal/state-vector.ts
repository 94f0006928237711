import * as Y from 'yjs';

const EMPTY = Uint8Array.of(0);

/**
 * A state vector after more entries, without the document.
 * @param encoded the one before them; absent = of nothing
 * @throws if an update does not decode, or builds on what is not there
 */
export function advance(
	encoded: Uint8Array | undefined,
	entries: readonly { seq: number; update: Uint8Array }[]
): Uint8Array {
	if (entries.length === 0) return encoded ?? EMPTY;
	const clocks = Y.decodeStateVector(encoded ?? EMPTY);
	for (const { seq, update } of entries) {
		const { from, to } = Y.parseUpdateMeta(update);
		for (const [client, clock] of to) {
			const known = clocks.get(client) ?? 0;
			if ((from.get(client) ?? 0) > known)
				throw new Error(`entry ${seq} builds on what is missing of client ${client}`);
			clocks.set(client, Math.max(known, clock));
		}
	}
	return Y.encodeStateVector(clocks);
}
