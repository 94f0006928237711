import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { PIECES_PER_STEP, type Steps } from '../steps.ts';
import type { Clocks } from './clocks.ts';
import type { DecodedUpdate, Struct } from './decode-update.ts';

/** A live item, or a part of it, that an update deletes. */
export interface Deletion {
	item: Y.Item;
	/** How much of it. */
	length: number;
	/** The item came with the update. */
	isNew: boolean;
	/** All of it goes: it need not be cut. */
	isWhole: boolean;
}

/**
 * Visits the live items that an update deletes.
 * @param clocks of the document with the update's structs
 * @throws {Refusal} `gap` for a range beyond what is known: Yjs would keep it pending
 */
export function* visitDeleted(
	doc: Y.Doc,
	update: DecodedUpdate,
	clocks: Clocks,
	visit: (deletion: Deletion) => void
): Steps<void> {
	let ranged = 0;
	for (const [client, ranges] of update.deleted) {
		const known = clocks.before(client);
		const { clock, len } = ranges.at(-1)!;
		if (clock + len > clocks.now(client))
			throw new Refusal('gap', `deletes ${client}:${clock + len - 1}, which is not here`);
		for (const range of ranges) {
			const end = range.clock + range.len;
			if (range.clock < known)
				yield* visitRange(doc.store.clients.get(client)!, range.clock, Math.min(end, known), visit, false);
			if (end > known)
				yield* visitRange(update.structs.get(client)!, Math.max(range.clock, known), end, visit, true);
			if (++ranged % PIECES_PER_STEP === 0) yield;
		}
	}
}

function* visitRange(
	structs: readonly Struct[],
	from: number,
	to: number,
	visit: (deletion: Deletion) => void,
	isNew: boolean
): Steps<void> {
	for (let index = Y.findIndexSS(structs as Y.Item[], from); index < structs.length; index++) {
		const struct = structs[index]!;
		const { clock } = struct.id;
		if (clock >= to) return;
		if (index % PIECES_PER_STEP === 0) yield;
		if (!(struct instanceof Y.Item) || struct.deleted || struct.content instanceof Y.ContentDeleted) continue;
		const length = Math.min(to, clock + struct.length) - Math.max(from, clock);
		visit({ item: struct, length, isNew, isWhole: length === struct.length });
	}
}
