import * as Y from 'yjs';

/** Far below what one update may hold, so that nobody waits while one is inspected. */
const PORTION_MAX_BYTES = 512 << 10;
const PORTION_MAX_UPDATES = 100;

/** Updates that follow each other joined into as few as are still small. */
export function portionsOf(updates: readonly Uint8Array[]): Uint8Array[] {
	const portions: Uint8Array[][] = [];
	let bytes = Infinity;
	for (const update of updates) {
		bytes += update.byteLength;
		const last = portions.at(-1);
		if (last && bytes <= PORTION_MAX_BYTES && last.length < PORTION_MAX_UPDATES) last.push(update);
		else {
			portions.push([update]);
			bytes = update.byteLength;
		}
	}
	return portions.map((portion) => (portion.length === 1 ? portion[0]! : Y.mergeUpdates(portion)));
}
