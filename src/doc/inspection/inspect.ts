import * as Y from 'yjs';
import { checkItem } from './check-item.ts';
import { Clashes, type Clash } from './clashes.ts';
import { Clocks } from './clocks.ts';
import type { Place } from './container.ts';
import { charactersCutBy } from './cuts.ts';
import { type DecodedUpdate, type Struct, decodeInSteps } from './decode-update.ts';
import { type Deletion, visitDeleted } from './deleted-structs.ts';
import { Effort } from './effort.ts';
import { MapCapacity } from './map-capacity.ts';
import { NotesCapacity } from './notes-capacity.ts';
import { PlacedStages } from './placed-stages.ts';
import { Places } from './places.ts';
import { atOnce, type Steps } from '../steps.ts';
import { Touched } from './touched.ts';

/** Where an update changes something: a whole project or stage `[root, id]`, or one field or entry below it. */
export type TouchedPath = readonly string[];

export interface Inspection {
	touched: TouchedPath[];
	/** Clients that wrote something new in this update. */
	writers: number[];
	/** Nothing in it is new: applying it changes nothing. */
	isKnown: boolean;
	/** How many structs and deletions applying it takes. */
	pieces: number;
	/** Keys it sets that somebody else set meanwhile, unseen by its writer. */
	clashes: Clash[];
	/** What it holds. */
	decoded: DecodedUpdate;
}

/**
 * Says what applying an update would do to a document, without applying it: what it accepts applies whole, leaves
 * nothing pending, and changes nothing but the touched paths. Cost is proportional to the update, not to the document.
 * @throws {Refusal} `malformed-update`, `gap` (something it builds on is not here), `schema`, `too-large`
 */
export function inspectUpdate(doc: Y.Doc, update: Uint8Array): Inspection {
	return atOnce(inspectInSteps(doc, update));
}

/**
 * The same in steps; the document must stay as it is until the end.
 * @param screen looks at what the update holds first, and throws if that is reason enough
 */
export function* inspectInSteps(
	doc: Y.Doc,
	update: Uint8Array,
	screen: (decoded: DecodedUpdate) => void = () => {}
): Steps<Inspection> {
	const decoded = yield* decodeInSteps(update);
	screen(decoded);
	const clocks = new Clocks(doc, decoded);
	const inspector = new Inspector(doc, decoded, clocks);
	yield* clocks.visitInOrder((struct) => inspector.takeStruct(struct));
	yield* visitDeleted(doc, decoded, clocks, (deletion) => inspector.takeDeletion(deletion));
	return { ...inspector.conclude(), decoded };
}

class Inspector {
	readonly #clocks: Clocks;
	readonly #places: Places;
	readonly #touched = new Touched();
	readonly #clashes: Clashes;
	readonly #stages: PlacedStages;
	readonly #maps = new MapCapacity();
	readonly #notes: NotesCapacity;
	readonly #effort: Effort | undefined;
	#changesBoard = false;
	#pieces = 0;

	constructor(doc: Y.Doc, update: DecodedUpdate, clocks: Clocks) {
		this.#clocks = clocks;
		this.#clashes = new Clashes(update);
		this.#stages = new PlacedStages(doc);
		this.#notes = new NotesCapacity(doc);
		this.#places = new Places(doc, update, clocks);
		this.#effort = Effort.worthEstimating(update) ? new Effort(this.#places) : undefined;
	}

	/** Takes the next struct in the order of integration. */
	takeStruct(struct: Struct): void {
		this.#pieces += 1;
		const { client, clock } = struct.id;
		const known = this.#clocks.before(client);
		const isNew = clock + struct.length > known;
		if (!(struct instanceof Y.Item)) return;
		if (isNew) this.#takeNew(struct, struct.length - Math.max(0, known - clock));
		else this.#takeKnown(struct);
		this.#effort?.cut(struct);
	}

	#takeKnown(item: Y.Item): void {
		for (const place of charactersCutBy(item, this.#places)) this.#change(place);
	}

	/** @param length how much of the item is not known yet */
	#takeNew(item: Y.Item, length: number): void {
		const place = this.#places.put(item);
		if (place === null) return;
		checkItem(item, place);
		this.#change(place);
		place.items += 1;
		this.#effort?.arrive(item, place);
		if (place.container.kind === 'rich text') this.#notes.add(item.content, place, length);
		else {
			this.#clashes.add(item, place);
			this.#stages.add(item, place);
			this.#maps.add(item.content, place);
		}
		place.latest = item;
	}

	takeDeletion({ item, length, isNew, isWhole }: Deletion): void {
		this.#pieces += 1;
		const place = this.#places.of(item);
		if (place === null) return;
		this.#change(place);
		if (!isNew) this.#clashes.remove(item, place);
		if (!isWhole) this.#effort?.move(item.id.client);
		if (place.container.kind === 'rich text') this.#notes.remove(item.content, place, length);
		else this.#maps.remove(place, isNew);
	}

	#change(place: Place): void {
		this.#changesBoard = true;
		this.#touched.add(place);
	}

	conclude(): Omit<Inspection, 'decoded'> {
		this.#stages.assertExist();
		this.#maps.assertKept();
		this.#notes.assertKept();
		this.#effort?.assertBearable();
		const writers = this.#clocks.advanced();
		return {
			touched: this.#touched.list(),
			writers,
			pieces: this.#pieces,
			isKnown: writers.length === 0 && !this.#changesBoard,
			clashes: this.#clashes.list()
		};
	}
}
