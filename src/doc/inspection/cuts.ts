import * as Y from 'yjs';
import type { Place } from './container.ts';
import type { Places } from './places.ts';

/** An item that Yjs cuts in two, because something was put between its parts; `at` of its clocks stay left. */
interface Cut {
	item: Y.Item;
	at: number;
}

const NONE: readonly Cut[] = [];

/** What Yjs cuts when it looks up an item's neighbours. */
export function cutsFor({ origin, rightOrigin }: Y.Item, places: Places): readonly Cut[] {
	if (origin === null && rightOrigin === null) return NONE;
	const behindOrigin = origin && cutAt(origin, 1, places);
	const beforeRight = rightOrigin && cutAt(rightOrigin, 0, places);
	return [behindOrigin, beforeRight].filter((cut) => cut !== null);
}

function cutAt(id: Y.ID, offset: number, places: Places): Cut | null {
	const item = places.find(id);
	const at = id.clock + offset - item.id.clock;
	return item instanceof Y.Item && at > 0 && at < item.length ? { item, at } : null;
}

/**
 * Where an item that the document has already would change something: it is not integrated, but Yjs cuts its
 * neighbours apart, in the middle of a character if they say so.
 */
export function charactersCutBy(known: Y.Item, places: Places): Place[] {
	const characters = cutsFor(known, places).filter(isWithinCharacter);
	return characters.flatMap(({ item }) => places.of(item) ?? []);
}

/** Yjs puts replacement characters where it cuts a surrogate pair. */
function isWithinCharacter({ item: { content }, at }: Cut): boolean {
	if (!(content instanceof Y.ContentString)) return false;
	const unit = content.str.charCodeAt(at - 1);
	return unit >= 0xd800 && unit <= 0xdbff;
}
