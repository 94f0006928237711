import * as Y from 'yjs';

/** Any shared type, from inside. */
export type Holder = Pick<Y.AbstractType<unknown>, '_map' | '_start'>;

/**
 * All that a board shows, by the place it stands at (`projects/a/cities/530100`), each as text to compare.
 * Notes are one value; a map is there with its entries beside it.
 */
export function pictureOf(doc: Y.Doc): Map<string, string> {
	const picture = new Map<string, string>();
	for (const [name, root] of doc.share) addMap(picture, name, root);
	return picture;
}

function addMap(picture: Map<string, string>, path: string, map: Holder): void {
	for (const [key, item] of map._map) {
		if (item.deleted) continue;
		const place = `${path}/${key}`;
		const [value] = item.content.getContent().slice(-1) as unknown[];
		if (value instanceof Y.Map) picture.set(place, 'map');
		if (value instanceof Y.Map) addMap(picture, place, value);
		else if (value instanceof Y.XmlFragment) picture.set(place, JSON.stringify(nodesOf(value)));
		else picture.set(place, JSON.stringify(value) ?? 'undefined');
	}
	if (map._start)
		for (const item of listItems(map))
			picture.set(`${path}/[${item.id.client}:${item.id.clock}]`, 'list item');
}

function* listItems(type: Holder): Generator<Y.Item> {
	for (let item = type._start; item !== null; item = item.right) if (!item.deleted) yield item;
}

function nodesOf(node: Y.XmlFragment | Y.XmlElement): unknown[] {
	return node.toArray().map((child) => {
		if (child instanceof Y.XmlText) return child.toDelta() as unknown;
		const element = child as Y.XmlElement;
		return { node: element.nodeName, attributes: element.getAttributes(), content: nodesOf(element) };
	});
}

/** Places that differ between two pictures. */
export function differences(
	before: ReadonlyMap<string, string>,
	after: ReadonlyMap<string, string>
): string[] {
	const places = new Set([...before.keys(), ...after.keys()]);
	return [...places].filter((place) => before.get(place) !== after.get(place));
}
