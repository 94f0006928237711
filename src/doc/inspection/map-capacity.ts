import * as Y from 'yjs';
import { PROJECTS_MAX, RECORDS_PER_PROJECT_MAX, STAGES_MAX } from '#domain/limits.ts';
import type { Container, Place } from './container.ts';
import { refuse } from './refuse.ts';

/** Keeps the number of projects, stages and records within its limits. */
export class MapCapacity {
	readonly #growing: Place[] = [];

	/** Takes a new item. */
	add(content: Y.Item['content'], place: Place): void {
		if (content instanceof Y.ContentDeleted) return;
		place.added += 1;
		place.container.added += 1;
		if (place.container.added === 1) this.#growing.push(place);
	}

	/** Takes the deletion of a live item, of the document or of the update. */
	remove(place: Place, isNew: boolean): void {
		if (isNew) place.added -= 1;
		else place.isCleared = true;
	}

	/** @throws {Refusal} `too-large` for a map that would hold too much */
	assertKept(): void {
		for (const place of this.#growing) {
			const { container } = place;
			const limit = limitOf(container);
			// most maps are far from their limit, and to count one costs as much as it is large
			const most = container.added + (container.known?._map.size ?? 0);
			if (most > limit && entriesAfter(container) > limit)
				refuse(place, `would be one of more than ${limit}`, 'too-large');
		}
	}
}

/** The values of the board, of a stage and of a project have their closed lists of keys instead. */
function limitOf({ path: [root, id, field] }: Container): number {
	if (id === undefined && root !== 'meta') return root === 'projects' ? PROJECTS_MAX : STAGES_MAX;
	return field === undefined ? Number.POSITIVE_INFINITY : RECORDS_PER_PROJECT_MAX;
}

function entriesAfter(container: Container): number {
	const known = container.known?._map;
	let entries = 0;
	for (const item of known?.values() ?? []) if (!item.deleted) entries += 1;
	for (const { key, added, isCleared } of container.keyed()) {
		const wasThere = known?.get(key!)?.deleted === false;
		const isThere = added > 0 || (wasThere && !isCleared);
		entries += Number(isThere) - Number(wasThere);
	}
	return entries;
}
