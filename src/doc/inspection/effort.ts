import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { cutsFor } from './cuts.ts';
import type { DecodedUpdate } from './decode-update.ts';
import type { Place, Places } from './places.ts';
import { refuse } from './refuse.ts';

/** Updates of so few structs and ranges cost little whatever they are. */
const PIECES_FREE = 64;
/** Entries of Yjs' struct arrays that cutting structs moves, 8 bytes each. */
const MOVES_MAX = 100_000_000;
/** Siblings that Yjs walks over to find the place of new items. */
const STEPS_MAX = 2_000_000;
/** So many items may have to look for their place anywhere. */
const SEEKERS_FREE = 32;

/** The items that an update brings to one place. */
interface Arrivals {
	count: number;
	/** Those that Yjs does not find the place of at once. */
	seekers: number;
	last: Y.Item | undefined;
	isLastBeside: boolean;
	/** Gaps of the document that something was put into. */
	used: Set<string>;
}

/**
 * Estimates what applying an update costs Yjs where that can grow with the square of its size. An item lies beside
 * what was its neighbour when it was written, or seeks its place among those that others put there meanwhile: few,
 * unless somebody made them up.
 */
export class Effort {
	readonly #places: Places;
	readonly #arrivals = new Map<Place, Arrivals>();
	#moves = 0;

	constructor(places: Places) {
		this.#places = places;
	}

	static worthEstimating({ structs, deleted }: DecodedUpdate): boolean {
		let pieces = 0;
		for (const list of structs.values()) pieces += list.length;
		for (const ranges of deleted.values()) pieces += ranges.length;
		return pieces > PIECES_FREE;
	}

	/** Takes an item whose neighbours Yjs cuts free. */
	cut(item: Y.Item): void {
		for (const cut of cutsFor(item, this.#places)) this.move(cut.item.id.client);
	}

	/** Takes a cut among the structs of a client: Yjs moves all that follow, and again when it joins the parts. */
	move(client: number): void {
		this.#moves += this.#places.structsOf(client);
		if (this.#moves > MOVES_MAX) throw new Refusal('too-large', 'cuts too many things apart');
	}

	/** Takes a new item, in the order of integration. */
	arrive(item: Y.Item, place: Place): void {
		let arrivals = this.#arrivals.get(place);
		if (!arrivals) {
			arrivals = { count: 0, seekers: 0, last: undefined, isLastBeside: false, used: new Set() };
			this.#arrivals.set(place, arrivals);
		}
		const isBeside =
			isBesideLast(item, arrivals) || isInFreeGap(item, arrivals, this.#places.nextOf(item, place));
		arrivals.count += 1;
		if (!isBeside) arrivals.seekers += 1;
		arrivals.last = item;
		arrivals.isLastBeside = isBeside;
	}

	/** @throws {Refusal} `too-large` if items would seek their places for too long */
	assertBearable(): void {
		let steps = 0;
		for (const [place, { count, seekers }] of this.#arrivals) {
			if (seekers <= SEEKERS_FREE) continue;
			steps += seekers * (count + siblingsAt(place, STEPS_MAX / seekers));
			if (steps > STEPS_MAX) refuse(place, 'would get too many things in one place', 'too-large');
		}
	}
}

/** Typed on behind, or right before, what came last. */
function isBesideLast(item: Y.Item, { last, isLastBeside }: Arrivals): boolean {
	if (!last) return false;
	if (Y.compareIDs(item.origin, last.lastId)) return Y.compareIDs(item.rightOrigin, last.rightOrigin);
	return isLastBeside && Y.compareIDs(item.rightOrigin, last.id) && Y.compareIDs(item.origin, last.origin);
}

/** Between two neighbours that are neighbours still. */
function isInFreeGap(item: Y.Item, { used }: Arrivals, next: Y.ID | null | undefined): boolean {
	if (next === undefined || !Y.compareIDs(item.rightOrigin, next)) return false;
	const gap = item.origin ? `${item.origin.client}/${item.origin.clock}` : '';
	if (used.has(gap)) return false;
	used.add(gap);
	return true;
}

function siblingsAt({ container, key }: Place, max: number): number {
	if (!container.isKnown || !container.type) return 0;
	let siblings = 0;
	let item = key === null ? container.type._start : (container.type._map.get(key) ?? null);
	for (; item !== null && siblings < max; item = key === null ? item.right : item.left) siblings += 1;
	return siblings;
}
