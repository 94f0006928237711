import * as Y from 'yjs';
import { PROJECTS_MAX, RECORDS_PER_PROJECT_MAX, STAGES_MAX } from '#domain/limits.ts';
import type { Container, Path, Place } from './places.ts';
import { refuse } from './refuse.ts';

/** What an update does to the entries of one map. */
interface Changes {
	limit: number;
	place: Place;
	/** New live items by key. */
	set: Map<string, number>;
	/** Keys of which the board's value is deleted. */
	cleared: Set<string>;
}

/** Keeps the number of projects, stages and records within its limits. */
export class MapCapacity {
	readonly #changes = new Map<Container, Changes>();

	/** Takes a new item. */
	add(content: Y.Item['content'], place: Place): void {
		if (!(content instanceof Y.ContentDeleted)) this.#count(place, 1);
	}

	/** Takes the deletion of a live item, of the board or of the update. */
	remove(place: Place, isNew: boolean): void {
		if (isNew) this.#count(place, -1);
		else this.#changesAt(place)?.cleared.add(place.key!);
	}

	/** @throws {Refusal} `too-large` for a map that would hold too much */
	assertKept(): void {
		for (const changes of this.#changes.values()) {
			// most maps are far from their limit, counting them would cost as much as they are large
			const { limit, place, set } = changes;
			const keys = place.container.type?._map.size ?? 0;
			if (set.size === 0 || keys + set.size <= limit || entriesAfter(changes) <= limit) continue;
			refuse(place, `would be more than ${limit} entries`, 'too-large');
		}
	}

	#count(place: Place, by: number): void {
		const set = this.#changesAt(place)?.set;
		set?.set(place.key!, (set.get(place.key!) ?? 0) + by);
	}

	#changesAt(place: Place): Changes | undefined {
		const { container } = place;
		const limit = limitOf(container.path);
		if (limit === undefined) return undefined;
		let changes = this.#changes.get(container);
		if (!changes)
			this.#changes.set(container, (changes = { limit, place, set: new Map(), cleared: new Set() }));
		return changes;
	}
}

function limitOf([root, , field]: Path): number | undefined {
	if (field !== undefined) return RECORDS_PER_PROJECT_MAX;
	return root === 'projects' ? PROJECTS_MAX : root === 'stages' ? STAGES_MAX : undefined;
}

function entriesAfter({ place, set, cleared }: Changes): number {
	const known = place.container.isKnown ? place.container.type?._map : undefined;
	let entries = 0;
	for (const [key, item] of known ?? []) if (!item.deleted && !cleared.has(key)) entries += 1;
	for (const [key, count] of set) {
		const stays = known?.get(key)?.deleted === false && !cleared.has(key);
		if (count > 0 && !stays) entries += 1;
	}
	return entries;
}
