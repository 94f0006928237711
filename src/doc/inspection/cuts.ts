import * as Y from 'yjs';
import type { Place, Places } from './places.ts';

/** An item that Yjs cuts in two, because something was put between its parts; `at` of its clocks stay left. */
interface Cut {
	item: Y.Item;
	at: number;
}

/** What Yjs cuts when it looks up an item's neighbours. */
export function cutsFor({ origin, rightOrigin }: Y.Item, places: Places): Cut[] {
	const cuts: Cut[] = [];
	const cut = (id: Y.ID, offset: number) => {
		const item = places.find(id);
		const at = id.clock + offset - item.id.clock;
		if (item instanceof Y.Item && at > 0 && at < item.length) cuts.push({ item, at });
	};
	if (origin) cut(origin, 1);
	if (rightOrigin) cut(rightOrigin, 0);
	return cuts;
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
