import * as Y from 'yjs';
import type { Path, Place } from './container.ts';
import type { DecodedUpdate } from './decode-update.ts';
import { unseenIn } from './unseen.ts';

/** A value under a key, and the Yjs client that set it. */
export interface ClashingValue {
	client: number;
	/** Undefined where it was cleared, and for a map or rich text. */
	value: unknown;
}

/** Two people set one key without having seen each other's value; Yjs keeps one of the two. */
export interface Clash {
	path: Path;
	/** What the board held before, though the writer had not seen it. */
	standing: ClashingValue;
	/** What the update sets, last; a removal bears no client. */
	incoming: Omit<ClashingValue, 'client'> & { client: number | null };
}

/** Finds the keys that an update sets without having seen what stands there. */
export class Clashes {
	readonly #standing: { place: Place; item: Y.Item }[] = [];
	readonly #removals: Clash[] = [];
	readonly #deleted: DecodedUpdate['deleted'];

	constructor({ deleted }: DecodedUpdate) {
		this.#deleted = deleted;
	}

	/** Takes a new item under a key, in the order of integration. */
	add(item: Y.Item, place: Place): void {
		const { container, key, latest } = place;
		if (!container.isKnown) return; // what stands in a new container, its maker has seen
		const standing = latest ?? container.type?._map.get(key!);
		if (standing && !Y.compareIDs(item.origin, standing.lastId))
			this.#standing.push({ place, item: standing });
	}

	/**
	 * Takes an item of the document that the update deletes: a whole project goes with all that is in it, and what of
	 * that the update does not name, its writer had not seen.
	 */
	remove({ content }: Y.Item, { path }: Place): void {
		const isProject = path.length === 2 && path[0] === 'projects';
		if (!isProject || !(content instanceof Y.ContentType) || !(content.type instanceof Y.Map)) return;
		for (const [client, value] of unseenIn(content.type, this.#deleted))
			this.#removals.push({
				path,
				standing: { client, value },
				incoming: { client: null, value: undefined }
			});
	}

	/** What was set in a place comes before what went with a project. */
	list(): Clash[] {
		return [...this.#overwritten(), ...this.#removals];
	}

	#overwritten(): Clash[] {
		if (this.#standing.length === 0) return [];
		const clashes: Clash[] = [];
		const seen = new Set<Place>();
		for (const { place, item } of this.#standing) {
			const incoming = place.latest!;
			if (seen.has(place) || isSame(item, incoming)) continue;
			seen.add(place);
			clashes.push({ path: place.path, standing: clashingValue(item), incoming: clashingValue(incoming) });
		}
		return clashes;
	}
}

function clashingValue({ id, deleted, content }: Y.Item): ClashingValue {
	const isPlain = !deleted && content instanceof Y.ContentAny;
	return { client: id.client, value: isPlain ? content.arr.at(-1) : undefined };
}

/** Nothing is lost where both set the same plain value, or both cleared the key. */
function isSame(one: Y.Item, other: Y.Item): boolean {
	const isGone = (item: Y.Item) => item.deleted || item.content instanceof Y.ContentDeleted;
	if (isGone(one) || isGone(other)) return isGone(one) && isGone(other);
	if (!(one.content instanceof Y.ContentAny) || !(other.content instanceof Y.ContentAny)) return false;
	return JSON.stringify(one.content.arr) === JSON.stringify(other.content.arr);
}
