import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { Clocks } from '#doc/inspection/clocks.ts';
import type { DecodedUpdate, DeletedRange, Struct } from '#doc/inspection/decode-update.ts';
import { PIECES_PER_STEP, type Steps } from '#doc/steps.ts';

/** Structs deleted at a time: one of them may be a project with all that is in it. */
const DELETED_AT_ONCE = 16;

/**
 * Applies an update that was inspected, in parts each of which builds on those before it. Until the end the document
 * is in a state that nobody must see.
 */
export function* applyInParts(doc: Y.Doc, { structs, deleted }: DecodedUpdate): Steps<void> {
	doc.on('afterTransaction', leaveMarks);
	yield* addStructs(doc, structs);
	yield* deleteRanges(doc, deleted);
	doc.off('afterTransaction', leaveMarks);
}

/** Yjs would take marks away that seem superfluous while the text between them is still to come. */
function leaveMarks(transaction: Y.Transaction): void {
	transaction._needFormattingCleanup = false;
}

function* addStructs(doc: Y.Doc, structs: DecodedUpdate['structs']): Steps<void> {
	let part: Struct[] = [];
	const steps = new Clocks(doc, { structs }).visitInOrder((struct) => part.push(struct));
	for (let isDone = false; !isDone;) {
		isDone = steps.next().done === true;
		Y.transact(doc, (transaction) => part.forEach((struct) => integrate(struct, transaction)), null, false);
		part = [];
		yield;
	}
}

/** What Yjs does with a struct it has read, once all it builds on is there. Leans on the internals of yjs 13.6. */
function integrate(struct: Struct, transaction: Y.Transaction): void {
	const { doc } = transaction;
	if (struct instanceof Y.Skip) return;
	const known = Y.getState(doc.store, struct.id.client) - struct.id.clock;
	if (known >= struct.length) return;
	if (struct instanceof Y.Item && typeof struct.parent === 'string') struct.parent = doc.get(struct.parent);
	if (struct.getMissing(transaction, doc.store) !== null)
		throw new Error('an inspected struct waits for something');
	struct.integrate(transaction, known);
}

interface Deletion extends DeletedRange {
	client: number;
}

/** Struct by struct as they stand now, so that nothing is cut which the update leaves whole. */
function* deleteRanges(doc: Y.Doc, deleted: DecodedUpdate['deleted']): Steps<void> {
	let part: Deletion[] = [];
	let visited = 0;
	for (const [client, clock, end] of spansOf(deleted)) {
		for (let from = clock; from < end;) {
			const struct = structAt(doc, client, from);
			const to = Math.min(end, struct.id.clock + struct.length);
			if (!struct.deleted) part.push({ client, clock: from, len: to - from });
			from = to;
			if (++visited % PIECES_PER_STEP === 0) yield;
			if (part.length < DELETED_AT_ONCE) continue;
			Y.applyUpdate(doc, encodeDeletions(part));
			part = [];
			yield;
		}
	}
	Y.applyUpdate(doc, encodeDeletions(part));
}

function* spansOf(
	deleted: DecodedUpdate['deleted']
): Generator<[client: number, clock: number, end: number]> {
	for (const [client, ranges] of deleted)
		for (const { clock, len } of ranges) yield [client, clock, clock + len];
}

function structAt(doc: Y.Doc, client: number, clock: number): Y.Item | Y.GC {
	const structs = doc.store.clients.get(client) as Y.Item[];
	return structs[Y.findIndexSS(structs, clock)]!;
}

function encodeDeletions(deletions: readonly Deletion[]): Uint8Array {
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, 0); // no structs
		encoding.writeVarUint(encoder, deletions.length);
		for (const { client, clock, len } of deletions)
			for (const number of [client, 1, clock, len]) encoding.writeVarUint(encoder, number);
	});
}
