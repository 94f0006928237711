import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { stagesOf } from '../schema.ts';
import { checkItem } from './check-item.ts';
import { type DecodedUpdate, type Struct, decodeUpdate } from './decode-update.ts';
import { type Path, Places } from './places.ts';

/** Where an update changes something: a whole project or stage `[root, id]`, or one field or entry below it. */
export type TouchedPath = readonly string[];

export interface Inspection {
	touched: TouchedPath[];
	/** Clients that wrote something new in this update. */
	writers: number[];
	/** Nothing in it is new: applying it changes nothing. */
	isKnown: boolean;
}

/** Deleted clocks looked at one by one; an update that deletes more is no honest edit of one board. */
const DELETED_STRUCTS_MAX = 2_000_000;

/**
 * Says what applying an update would do to a document, without applying it.
 * Cost is proportional to the update, not to the document.
 * @throws {Refusal} `malformed-update`, `gap` (something it builds on is not here), `schema`, `too-large`
 */
export function inspectUpdate(doc: Y.Doc, update: Uint8Array): Inspection {
	const decoded = decodeUpdate(update);
	const places = new Places(doc, decoded);
	const touched = new Map<string, Path>();
	const writers: number[] = [];
	for (const [client, structs] of decoded.structs) {
		const fresh = freshStructs(doc, client, structs);
		if (fresh.length > 0) writers.push(client);
		for (const struct of fresh) inspectStruct(struct, { doc, places, touched });
	}
	const deletes = inspectDeletes(doc, decoded, { places, touched });
	assertStagesExist(doc, decoded, places);
	return { touched: collapse(touched), writers, isKnown: writers.length === 0 && deletes === 0 };
}

type Context = { doc: Y.Doc; places: Places; touched: Map<string, Path> };

/** The structs the store does not hold yet. @throws {Refusal} `gap` if clocks are missing before or between them */
function freshStructs(doc: Y.Doc, client: number, structs: Struct[]): Struct[] {
	const state = Y.getState(doc.store, client);
	let expected = structs[0]!.id.clock;
	if (expected > state)
		throw new Refusal('gap', `client ${client} is at ${state}, the update starts at ${expected}`);
	for (const struct of structs) {
		// a client that heard of later things first leaves out what it lacks; here that may be known
		if (struct instanceof Y.Skip && expected + struct.length > state)
			throw new Refusal('gap', `client ${client} left out ${struct.length} clocks`);
		if (struct.length === 0) throw new Refusal('malformed-update', 'a struct has no length');
		expected += struct.length;
	}
	return structs.filter((struct) => struct.id.clock + struct.length > state);
}

function inspectStruct(struct: Struct, { doc, places, touched }: Context): void {
	if (!(struct instanceof Y.Item)) return;
	for (const id of [struct.origin, struct.rightOrigin]) if (id) places.find(id);
	const path = places.of(struct);
	assertSamePlace(struct, path, { doc, places });
	if (path === null) return;
	checkItem(struct, path);
	touch(touched, path);
}

/** A struct of which the store holds the beginning must continue it where it stands. */
function assertSamePlace(
	struct: Y.Item,
	path: Path | null,
	{ doc, places }: { doc: Y.Doc; places: Places }
): void {
	const state = Y.getState(doc.store, struct.id.client);
	if (struct.id.clock >= state) return;
	const before = places.of(places.find(Y.createID(struct.id.client, state - 1)));
	if (before !== null && path?.join('/') !== before.join('/')) {
		throw new Refusal('malformed-update', 'a struct is known elsewhere already');
	}
}

/** Collects the paths of deleted structs and counts those not deleted before. */
function inspectDeletes(
	doc: Y.Doc,
	decoded: DecodedUpdate,
	{ places, touched }: Omit<Context, 'doc'>
): number {
	let fresh = 0;
	let looked = 0;
	for (const [client, ranges] of decoded.deleted) {
		const end = endOf(doc, decoded, client);
		for (const { clock, len } of ranges) {
			if (clock + len > end)
				throw new Refusal('gap', `deletes ${client}:${clock + len - 1}, which is not here`);
			for (let at = clock; at < clock + len;) {
				if (++looked > DELETED_STRUCTS_MAX)
					throw new Refusal('too-large', 'deletes too many structs at once');
				const struct = places.find(Y.createID(client, at));
				if (struct instanceof Y.Item && !struct.deleted) {
					fresh += 1;
					touch(touched, places.of(struct));
				}
				at = struct.id.clock + struct.length;
			}
		}
	}
	return fresh;
}

function endOf(doc: Y.Doc, decoded: DecodedUpdate, client: number): number {
	const last = decoded.structs.get(client)?.at(-1);
	return Math.max(Y.getState(doc.store, client), last ? last.id.clock + last.length : 0);
}

/** `place.stage` must name a stage of the board, or one this update adds. */
function assertStagesExist(doc: Y.Doc, decoded: DecodedUpdate, places: Places): void {
	const wanted: { stage: string; path: Path }[] = [];
	const added = new Set<string>();
	for (const structs of decoded.structs.values()) {
		for (const struct of structs) {
			if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted) continue;
			const path = places.of(struct);
			if (path?.[0] === 'stages' && path.length === 2) added.add(path[1]!);
			if (path?.[0] !== 'projects' || path[2] !== 'place' || !(struct.content instanceof Y.ContentAny))
				continue;
			wanted.push({ stage: (struct.content.arr[0] as { stage: string }).stage, path });
		}
	}
	for (const { stage, path } of wanted) {
		if (stagesOf(doc).has(stage) || added.has(stage)) continue;
		throw new Refusal('schema', `there is no stage ${stage}`, { path });
	}
}

function touch(touched: Map<string, Path>, path: Path | null): void {
	if (path === null) return;
	const shown = path[0] === 'projects' ? path.slice(0, path[2] === 'notes' ? 3 : 4) : path.slice(0, 3);
	touched.set(shown.join('\u0000'), shown);
}

/** A whole project or stage that is touched stands for everything below it. */
function collapse(touched: Map<string, Path>): TouchedPath[] {
	return [...touched.values()].filter((path) => {
		for (let depth = 2; depth < path.length; depth++) {
			if (touched.has(path.slice(0, depth).join('\u0000'))) return false;
		}
		return true;
	});
}
