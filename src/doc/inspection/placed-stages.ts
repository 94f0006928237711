import * as Y from 'yjs';
import type { Place } from './places.ts';
import { refuse } from './refuse.ts';

/** Keeps `place.stage` to stages of the board: those there, those that were, and those the update brings. */
export class PlacedStages {
	readonly #wanted: { stage: string; place: Place }[] = [];
	readonly #added = new Set<string>();

	/** Takes a new item that was found to fit the format. */
	add({ content }: Y.Item, place: Place): void {
		const { path, key } = place;
		if (path.length === 2 && path[0] === 'stages') this.#added.add(key!);
		else if (key === 'place' && path.length === 3 && content instanceof Y.ContentAny)
			this.#wanted.push({ stage: (content.arr.at(-1) as { stage: string }).stage, place });
	}

	/** @throws {Refusal} `schema` with the path of a place in no stage */
	assertExist(doc: Y.Doc): void {
		for (const { stage, place } of this.#wanted) {
			// a stage that somebody removed meanwhile still has its key; readers show its projects in the first stage
			if (doc.share.get('stages')?._map.has(stage) || this.#added.has(stage)) continue;
			refuse(place, `is in no stage of the board`);
		}
	}
}
