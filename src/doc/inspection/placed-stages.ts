import * as Y from 'yjs';
import type { Place } from './container.ts';
import { refuse } from './refuse.ts';

/** Keeps `place.stage` to stages of the board: those there, those that were, and those the update brings. */
export class PlacedStages {
	readonly #doc: Y.Doc;
	/** Places in stages that the document does not know. */
	readonly #unknown: { stage: string; place: Place }[] = [];
	#added: Set<string> | undefined;

	constructor(doc: Y.Doc) {
		this.#doc = doc;
	}

	/** Takes a new item that was found to fit the format. */
	add({ content }: Y.Item, place: Place): void {
		const { key, container } = place;
		const [root, id, field] = container.path;
		if (root === 'stages' && id === undefined) (this.#added ??= new Set()).add(key!);
		if (key !== 'place' || field !== undefined || !(content instanceof Y.ContentAny)) return;
		const { stage } = content.arr.at(-1) as { stage: string };
		// a stage that somebody removed meanwhile still has its key; readers show its projects in the first stage
		if (!this.#doc.share.get('stages')?._map.has(stage)) this.#unknown.push({ stage, place });
	}

	/** @throws {Refusal} `schema` with the path of a place in no stage */
	assertExist(): void {
		for (const { stage, place } of this.#unknown)
			if (!this.#added?.has(stage)) refuse(place, 'is in no stage of the board');
	}
}
