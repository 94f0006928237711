import * as Y from 'yjs';
import { NOTES_DEPTH_MAX } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Root } from '../fields.ts';
import type { Clocks } from './clocks.ts';
import type { DecodedUpdate, Struct } from './decode-update.ts';
import { Container, type Place, type SharedType } from './container.ts';

/**
 * Finds where the structs of an update belong: in the document's store, or in the update itself.
 * Leans on the internals of yjs 13.6 (struct store, item parents).
 */
export class Places {
	readonly #doc: Y.Doc;
	readonly #update: DecodedUpdate;
	readonly #clocks: Clocks;
	/** Structs of the update that were put somewhere; null = they become GC, since what they belong to is gone. */
	readonly #put = new Map<Struct, Place | null>();
	readonly #containers = new Map<SharedType | string, Container>();

	constructor(doc: Y.Doc, update: DecodedUpdate, clocks: Clocks) {
		this.#doc = doc;
		this.#update = update;
		this.#clocks = clocks;
	}

	/** The struct that covers an id which is known by now: of the store, else of the update. */
	find({ client, clock }: Y.ID): Struct {
		const isStored = clock < this.#clocks.before(client);
		const structs = (isStored ? this.#doc.store.clients : this.#update.structs).get(client) as Y.Item[];
		return structs[Y.findIndexSS(structs, clock)]!;
	}

	/**
	 * Where an item of the update will stand, after all it builds on was put; null if it becomes GC.
	 * @throws {Refusal} `malformed-update` if what it says of its place does not agree
	 */
	put(item: Y.Item): Place | null {
		const place = this.#declared(item);
		const { client, clock } = item.id;
		const known = this.#clocks.before(client);
		// Yjs puts the rest of an item behind the part it has, into the container that the update names
		if (clock < known && this.at(Y.createID(client, known - 1)) !== place)
			throw new Refusal('malformed-update', 'an item is known elsewhere already', {
				path: place?.path ?? []
			});
		this.#put.set(item, place);
		return place;
	}

	#declared({ origin, rightOrigin, parent, parentSub }: Y.Item): Place | null {
		if (origin === null && rightOrigin === null) return this.#container(parent)?.at(parentSub) ?? null;
		const right = rightOrigin && this.at(rightOrigin);
		if (origin === null) return right;
		const left = this.at(origin);
		if (rightOrigin !== null && left !== right)
			throw new Refusal('malformed-update', 'an item has neighbours in two places', {
				path: left?.path ?? []
			});
		return left;
	}

	/** The place of what an id belongs to. */
	at(id: Y.ID): Place | null {
		return this.of(this.find(id));
	}

	/** The place of a struct of the store, or of one of the update that was put; null = GC. */
	of(struct: Struct): Place | null {
		const place = this.#put.get(struct);
		if (place !== undefined || !(struct instanceof Y.Item)) return place ?? null;
		return this.#containerOfType(struct.parent as SharedType).at(struct.parentSub);
	}

	/** How many structs of a client there are. */
	structsOf(client: number): number {
		const { clients } = this.#doc.store;
		return (clients.get(client)?.length ?? 0) + (this.#update.structs.get(client)?.length ?? 0);
	}

	/** What an item of the update continues: where its beginning is known, that. */
	originOf({ id: { client, clock }, origin }: Y.Item): Y.ID | null {
		const known = this.#clocks.before(client);
		return clock < known ? Y.createID(client, known - 1) : origin;
	}

	/** What stands first at a place of the document. */
	firstOf({ container: { known }, key }: Place): Y.ID | null {
		const first = key === null ? known?._start : known?._map.get(key);
		return first?.id ?? null;
	}

	/** What follows an id before the update changes it. */
	nextOf(id: Y.ID): Y.ID | null {
		const item = this.find(id) as Y.Item;
		const isEnd = id.clock === item.id.clock + item.length - 1;
		return isEnd ? (item.right?.id ?? null) : Y.createID(id.client, id.clock + 1);
	}

	#container(parent: unknown): Container | null {
		if (typeof parent === 'string') return this.#root(parent as Root);
		const holder = this.find(parent as Y.ID);
		if (!(holder instanceof Y.Item) || holder.content instanceof Y.ContentDeleted) return null;
		if (!(holder.content instanceof Y.ContentType))
			throw new Refusal('malformed-update', 'a parent is no container');
		const { type } = holder.content;
		if (type._item !== null) return this.#containerOfType(type);
		const place = this.of(holder);
		return place && (this.#containers.get(type) ?? this.#remember(type, new Container(type, place, false)));
	}

	#containerOfType(type: SharedType): Container {
		const container = this.#containers.get(type);
		if (container) return container;
		if (type._item === null) return this.#root(Y.findRootTypeKey(type) as Root);
		return this.#remember(type, new Container(type, this.of(type._item)!, true));
	}

	#root(name: Root): Container {
		const container = this.#containers.get(name);
		if (container) return container;
		return this.#remember(name, new Container(this.#doc.share.get(name), name, true));
	}

	#remember(key: SharedType | string, container: Container): Container {
		if (container.depth > NOTES_DEPTH_MAX)
			throw new Refusal('too-large', `nested deeper than ${NOTES_DEPTH_MAX}`, { path: container.path });
		this.#containers.set(key, container);
		return container;
	}
}
