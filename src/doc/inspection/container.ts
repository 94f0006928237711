import * as Y from 'yjs';
import type { Root } from '../fields.ts';

/** Any of Yjs' shared types. */
export type SharedType = NonNullable<ReturnType<Y.Doc['share']['get']>>;

/** `[root, key, …]`; inside of notes it ends with the notes. */
export type Path = readonly string[];

/** A shared type that holds items, of the document or of the update, and what the update brings to it. */
export class Container {
	readonly kind: 'map' | 'rich text';
	/** Undefined for a root that is not there yet. */
	readonly type: SharedType | undefined;
	/** Where the type stands itself. */
	readonly path: Path;
	/** How many containers it stands in. */
	readonly depth: number;
	/** The document has it. */
	readonly isKnown: boolean;
	/** How many items the update brings; to a map, live ones. */
	added = 0;
	#places: Map<string, Place> | undefined;
	#list: Place | undefined;

	constructor(type: SharedType | undefined, holder: Place | Root, isKnown: boolean) {
		const isRoot = typeof holder === 'string';
		this.kind = isRoot || type instanceof Y.Map ? 'map' : 'rich text';
		this.type = type;
		this.path = isRoot ? [holder] : holder.path;
		this.depth = isRoot ? 0 : holder.container.depth + 1;
		this.isKnown = isKnown;
	}

	/** The type as the document has it. */
	get known(): SharedType | undefined {
		return this.isKnown ? this.type : undefined;
	}

	/** The place under a key, or the list (`null`); the same object each time. */
	at(key: string | null): Place {
		if (key === null) return (this.#list ??= new Place(this, null));
		const places = (this.#places ??= new Map());
		let place = places.get(key);
		if (!place) places.set(key, (place = new Place(this, key)));
		return place;
	}

	/** The keys that were asked for. */
	keyed(): Iterable<Place> {
		return this.#places?.values() ?? [];
	}
}

/**
 * Where items stand that compete (under one key) or follow one another (in a list), and what the update does there.
 */
export class Place {
	readonly container: Container;
	readonly key: string | null;
	/** The update changes something here. */
	isTouched = false;
	/** What the update put here last. */
	latest: Y.Item | undefined;
	/** How many items the update puts here. */
	items = 0;
	/** How many of them stay under this key. */
	added = 0;
	/** The update deletes the document's value under this key. */
	isCleared = false;
	#path: Path | undefined;

	constructor(container: Container, key: string | null) {
		this.container = container;
		this.key = key;
	}

	get path(): Path {
		const { kind, path } = this.container;
		return (this.#path ??= kind === 'map' && this.key !== null ? [...path, this.key] : path);
	}
}
