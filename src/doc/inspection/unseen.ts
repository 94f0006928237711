import * as Y from 'yjs';
import type { DecodedUpdate } from './decode-update.ts';

type Values = { [key: string]: unknown };

/**
 * What stands in a map of the document though an update that deletes the map does not name it: its writer had not seen
 * it. Rich text is left out.
 * @returns by Yjs client in ascending order, the values it set as a record with its keys in order
 */
export function unseenIn(map: Y.Map<unknown>, deleted: DecodedUpdate['deleted']): Map<number, Values> {
	const found = new Map<number, Values>();
	const isSeen = (id: Y.ID) => Y.isDeleted({ clients: deleted } as Parameters<typeof Y.isDeleted>[0], id);
	for (const [key, item] of sorted(map)) {
		if (item.deleted) continue;
		if (item.content instanceof Y.ContentAny && !isSeen(item.lastId))
			valuesOf(found, item)[key] = item.content.arr.at(-1);
		if (!(item.content instanceof Y.ContentType) || !(item.content.type instanceof Y.Map)) continue;
		for (const [client, values] of unseenIn(item.content.type, deleted))
			valuesOf(found, { id: Y.createID(client, 0) })[key] = values;
	}
	return new Map([...found].sort(([a], [b]) => a - b));
}

/** In the order of the keys, which is not that of a map that was read anew. */
function sorted({ _map }: Y.Map<unknown>): [string, Y.Item][] {
	return [..._map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function valuesOf(found: Map<number, Values>, { id: { client } }: Pick<Y.Item, 'id'>): Values {
	const values = found.get(client) ?? {};
	found.set(client, values);
	return values;
}
