import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { cutsFor } from './cuts.ts';
import type { DecodedUpdate } from './decode-update.ts';
import type { Place } from './container.ts';
import type { Places } from './places.ts';
import { refuse } from './refuse.ts';

/** Updates of so few structs and ranges cost little whatever they are. */
const PIECES_FREE = 64;
/** Entries of Yjs' struct arrays that cutting structs moves, 8 bytes each. */
const MOVES_MAX = 100_000_000;
/** Siblings that Yjs walks over to find the place of new items. */
const STEPS_MAX = 2_000_000;
/** So many items may have to look for their place anywhere. */
const SEEKERS_FREE = 32;

/** The second and later items that an update brings to one place. */
interface Arrivals {
	count: number;
	/** Those that Yjs does not find the place of at once. */
	seekers: number;
	isLatestBeside: boolean;
	/** Gaps of the document that something was put into. */
	filled: Set<string>;
}

/**
 * Estimates what applying an update costs Yjs where that can grow with the square of its size. An item lies beside
 * what was its neighbour when it was written, or seeks its place among those that others put there meanwhile: few,
 * unless somebody made them up.
 */
export class Effort {
	readonly #places: Places;
	readonly #arrivals = new Map<Place, Arrivals>();
	/** By client. */
	readonly #cuts = new Map<number, number>();
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
		const cuts = this.#cuts.get(client) ?? 0;
		this.#cuts.set(client, cuts + 1);
		this.#moves += this.#places.structsOf(client) + cuts;
		if (this.#moves > MOVES_MAX) throw new Refusal('too-large', 'cuts too many things apart');
	}

	/** Takes a new item, in the order of integration. */
	arrive(item: Y.Item, place: Place): void {
		const { latest } = place;
		const next = this.#places.nextOf(item, place);
		const isInGap = next !== undefined && Y.compareIDs(item.rightOrigin, next);
		if (!latest) {
			if (!isInGap)
				this.#arrivals.set(place, { count: 1, seekers: 1, isLatestBeside: false, filled: new Set() });
			return;
		}
		const arrivals = this.#arrivalsAfter(latest, place);
		const isBeside = isBesideLatest(item, latest, arrivals) || (isInGap && fill(arrivals, item));
		arrivals.count += 1;
		arrivals.isLatestBeside = isBeside;
		if (!isBeside) arrivals.seekers += 1;
		if (arrivals.seekers * arrivals.count > STEPS_MAX) refuseCrowd(place);
	}

	#arrivalsAfter(first: Y.Item, place: Place): Arrivals {
		let arrivals = this.#arrivals.get(place);
		if (!arrivals) {
			arrivals = { count: 1, seekers: 0, isLatestBeside: true, filled: new Set([gapOf(first)]) };
			this.#arrivals.set(place, arrivals);
		}
		return arrivals;
	}

	/** @throws {Refusal} `too-large` if items would seek their places for too long */
	assertBearable(): void {
		let steps = 0;
		for (const [place, { count, seekers }] of this.#arrivals) {
			if (seekers <= SEEKERS_FREE) continue;
			steps += seekers * (count + siblingsAt(place, STEPS_MAX / seekers));
			if (steps > STEPS_MAX) refuseCrowd(place);
		}
	}
}

function refuseCrowd(place: Place): never {
	return refuse(place, 'would get too many things in one place', 'too-large');
}

/** Typed on behind, or right before, what came last. */
function isBesideLatest(item: Y.Item, latest: Y.Item, { isLatestBeside }: Arrivals): boolean {
	if (Y.compareIDs(item.origin, latest.lastId)) return Y.compareIDs(item.rightOrigin, latest.rightOrigin);
	return (
		isLatestBeside && Y.compareIDs(item.rightOrigin, latest.id) && Y.compareIDs(item.origin, latest.origin)
	);
}

/** Puts something between two neighbours of the document, unless something was put there before. */
function fill({ filled }: Arrivals, item: Y.Item): boolean {
	const gap = gapOf(item);
	if (filled.has(gap)) return false;
	filled.add(gap);
	return true;
}

function gapOf({ origin }: Y.Item): string {
	return origin ? `${origin.client}/${origin.clock}` : '';
}

function siblingsAt({ container, key }: Place, max: number): number {
	const { known } = container;
	let siblings = 0;
	let item = key === null ? known?._start : known?._map.get(key);
	for (; item && siblings < max; item = key === null ? item.right : item.left) siblings += 1;
	return siblings;
}
