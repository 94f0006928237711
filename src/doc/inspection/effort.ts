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
const MOVES_MAX = 50_000_000;
/** Siblings that Yjs walks over to find the place of new items. */
const STEPS_MAX = 2_000_000;
/** So many items may have to look for their place anywhere. */
const SEEKERS_FREE = 32;

/** What follows an id in its list; null = nothing, undefined = nobody can say without integrating. */
type Next = Y.ID | null | undefined;

/**
 * Estimates what applying an update costs Yjs where that can grow with the square of its size. An item lies beside
 * what was its neighbour when it was written, or seeks its place among those that others put there meanwhile: few,
 * unless somebody made them up.
 */
export class Effort {
	readonly #places: Places;
	/** What follows, where the update put something: by client and clock, and at the beginning of a place. */
	readonly #next = new Map<number, Map<number, Next>>();
	readonly #first = new Map<Place, Next>();
	readonly #seekers = new Map<Place, number>();
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
		const origin = this.#places.originOf(item);
		const next = this.#nextTo(origin, place);
		const isBeside = next !== undefined && Y.compareIDs(item.rightOrigin, next);
		this.#follow(origin, place, isBeside ? item.id : undefined);
		// before what a seeker lands is not known, but there Yjs stops at once for the first item that is put behind it
		this.#follow(item.lastId, place, item.rightOrigin);
		if (!isBeside) this.#seek(place);
	}

	#nextTo(origin: Y.ID | null, place: Place): Next {
		if (origin === null) return this.#first.has(place) ? this.#first.get(place) : this.#places.firstOf(place);
		const clocks = this.#next.get(origin.client);
		return clocks?.has(origin.clock) ? clocks.get(origin.clock) : this.#places.nextOf(origin);
	}

	#follow(origin: Y.ID | null, place: Place, next: Next): void {
		if (origin === null) return void this.#first.set(place, next);
		let clocks = this.#next.get(origin.client);
		if (!clocks) this.#next.set(origin.client, (clocks = new Map()));
		clocks.set(origin.clock, next);
	}

	#seek(place: Place): void {
		const seekers = (this.#seekers.get(place) ?? 0) + 1;
		this.#seekers.set(place, seekers);
		if (seekers * place.items > STEPS_MAX) refuseCrowd(place);
	}

	/** @throws {Refusal} `too-large` if items would seek their places for too long */
	assertBearable(): void {
		let steps = 0;
		for (const [place, seekers] of this.#seekers) {
			if (seekers <= SEEKERS_FREE) continue;
			steps += seekers * (place.items + siblingsAt(place, STEPS_MAX / seekers));
			if (steps > STEPS_MAX) refuseCrowd(place);
		}
	}
}

function refuseCrowd(place: Place): never {
	return refuse(place, 'would get too many things in one place', 'too-large');
}

function siblingsAt({ container, key }: Place, max: number): number {
	const { known } = container;
	let siblings = 0;
	let item = key === null ? known?._start : known?._map.get(key);
	for (; item && siblings < max; item = key === null ? item.right : item.left) siblings += 1;
	return siblings;
}
