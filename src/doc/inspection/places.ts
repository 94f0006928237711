import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { DecodedUpdate, Struct } from './decode-update.ts';

/** Where an item stands: `[root, key, …]`; list items stand at their container's path. Null = under something gone. */
export type Path = readonly string[];

/** Rich text nests lists in quotes in lists; more than this is no honest document. */
export const DEPTH_MAX = 40;

/**
 * Finds where the structs of an update belong: in the document's store, or in the update itself.
 * Leans on the internals of yjs 13.6 (struct store, item parents).
 */
export class Places {
	readonly #doc: Y.Doc;
	readonly #update: DecodedUpdate;
	readonly #known = new Map<Struct, Path | null>();
	readonly #containers = new Map<Y.AbstractType<unknown>, Path | null>();

	constructor(doc: Y.Doc, update: DecodedUpdate) {
		this.#doc = doc;
		this.#update = update;
	}

	/** The struct that covers an id: in the store if known there, else in the update. */
	find(id: Y.ID): Struct {
		const { store } = this.#doc;
		if (id.clock < Y.getState(store, id.client)) {
			const structs = store.clients.get(id.client)!;
			return structs[Y.findIndexSS(structs, id.clock)]!;
		}
		const structs = this.#update.structs.get(id.client);
		const last = structs?.at(-1);
		if (!structs || !last || id.clock < structs[0]!.id.clock || id.clock >= last.id.clock + last.length) {
			throw new Refusal('gap', `depends on ${id.client}:${id.clock}, which is not here`);
		}
		return structs[Y.findIndexSS(structs as (Y.Item | Y.GC)[], id.clock)]!;
	}

	/** Path of a struct; null if what it belongs to is gone. @throws {Refusal} `gap`, `malformed-update` */
	of(struct: Struct): Path | null {
		const chain: Struct[] = [];
		const onChain = new Set<Struct>();
		let current: Struct = struct;
		let path: Path | null | undefined;
		// siblings are chained by their origins, as many as there are: a loop, not recursion
		while ((path = this.#known.get(current)) === undefined) {
			if (onChain.has(current)) throw new Refusal('malformed-update', 'an item is its own neighbour');
			chain.push(current);
			onChain.add(current);
			const next = this.#step(current);
			if (next.neighbour === undefined) {
				path = next.path;
				break;
			}
			current = next.neighbour;
		}
		for (const item of chain) this.#known.set(item, path);
		return path;
	}

	/** Path of a store type or of the item that holds it. */
	ofType(type: Y.AbstractType<unknown>): Path | null {
		const known = this.#containers.get(type);
		if (known !== undefined) return known;
		const path = type._item === null ? [Y.findRootTypeKey(type)] : this.#ofStoreItem(type._item);
		this.#containers.set(type, path);
		return path;
	}

	#step(struct: Struct): { path: Path | null; neighbour?: undefined } | { neighbour: Struct } {
		if (!(struct instanceof Y.Item)) return { path: null };
		const { parent } = struct;
		if (typeof parent === 'string') return { path: under([parent], struct.parentSub) };
		if (parent instanceof Y.ID) {
			const holder = this.find(parent);
			if (!(holder instanceof Y.Item)) return { path: null };
			if (holder.content instanceof Y.ContentDeleted) return { path: null };
			if (!(holder.content instanceof Y.ContentType))
				throw new Refusal('malformed-update', 'a parent is no container');
			const path = this.of(holder);
			return { path: path && under(path, struct.parentSub) };
		}
		if (parent !== null) return { path: this.#ofStoreItem(struct) };
		const neighbour = struct.origin ?? struct.rightOrigin;
		if (neighbour === null) throw new Refusal('malformed-update', 'an item has no parent');
		return { neighbour: this.find(neighbour) };
	}

	#ofStoreItem(item: Y.Item): Path | null {
		if (!(item.parent instanceof Y.AbstractType)) return null;
		const container = this.ofType(item.parent as Y.AbstractType<unknown>);
		return container && under(container, item.parentSub);
	}
}

function under(container: Path, key: string | null): Path {
	if (container.length > DEPTH_MAX) throw new Refusal('too-large', `nested deeper than ${DEPTH_MAX}`);
	// inside rich text the depth still counts, so that nesting has an end
	if (key === null) return container[2] === 'notes' || container.length > 2 ? [...container, ''] : container;
	return [...container, key];
}
