import * as Y from 'yjs';

/** Places that Yjs itself reports as changed by what `apply` does, the topmost of each branch. */
export function reportOf(doc: Y.Doc, apply: () => void): string[] {
	const places = new Set<string>();
	const note = (transaction: Y.Transaction) => {
		for (const [type, keys] of transaction.changed) {
			const path = pathOf(type as unknown as Y.AbstractType<unknown>);
			const isRichText = path[2] === 'notes';
			for (const key of keys) {
				if (isRichText) places.add(path.slice(0, 3).join('/'));
				else places.add([...path, key === null ? '[list]' : key].join('/'));
			}
		}
	};
	doc.on('afterTransaction', note);
	apply();
	doc.off('afterTransaction', note);
	return [...places].filter((place) => ![...places].some((other) => place.startsWith(`${other}/`)));
}

function pathOf(type: Y.AbstractType<unknown>): string[] {
	const item = type._item;
	if (item === null) return [Y.findRootTypeKey(type)];
	return [...pathOf(item.parent as Y.AbstractType<unknown>), item.parentSub ?? '[list]'];
}
