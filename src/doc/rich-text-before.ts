import * as Y from 'yjs';
import { isSameValue } from '#domain/same-value.ts';
import type { RichText } from './rich-text-values.ts';

type Values = Record<string, unknown>;
/** What all of Yjs' containers have in common. */
type Container = Pick<Y.AbstractType<unknown>, '_start' | '_map' | '_item'>;

/**
 * The content of a rich text before a transaction, as `richTextValues` would have given it. To be asked while the
 * transaction's observers are called: what it deleted is still there then.
 */
export function richTextBefore(fragment: Y.XmlFragment, transaction: Y.Transaction): RichText {
	return new Before(transaction).childrenOf(fragment);
}

class Before {
	readonly #transaction: Y.Transaction;
	constructor(transaction: Y.Transaction) {
		this.#transaction = transaction;
	}

	childrenOf(parent: Container): RichText {
		return this.#items(parent).flatMap(({ content }): RichText => {
			if (!(content instanceof Y.ContentType)) return [];
			const { type } = content;
			if (type instanceof Y.XmlText) return [{ text: this.#runsOf(type) }];
			if (!(type instanceof Y.XmlElement)) return [];
			const attributes = this.#attributesOf(type);
			return [
				{
					element: type.nodeName,
					...(Object.keys(attributes).length > 0 && { attributes }),
					content: this.childrenOf(type)
				}
			];
		});
	}

	#runsOf(text: Y.XmlText) {
		const runs: { insert: string; marks?: Values }[] = [];
		const marks: Values = {};
		for (const { content } of this.#items(text)) {
			if (content instanceof Y.ContentFormat) setMark(marks, content);
			if (!(content instanceof Y.ContentString)) continue;
			const last = runs.at(-1);
			const own = Object.keys(marks).length > 0 ? { marks: { ...marks } } : {};
			if (last && isSameValue(last.marks, own.marks)) last.insert += content.str;
			else runs.push({ insert: content.str, ...own });
		}
		return runs;
	}

	#attributesOf(element: Y.XmlElement): Values {
		const attributes: Values = {};
		for (const [key, newest] of element._map) {
			let item: Y.Item | null = newest;
			while (item && !this.#wasThere(item)) item = item.left;
			if (item && item === this.#lastExisting(newest)) attributes[key] = item.content.getContent().at(-1);
		}
		return attributes;
	}

	/** The item that stood under a key, deleted or not. */
	#lastExisting(newest: Y.Item): Y.Item | null {
		let item: Y.Item | null = newest;
		while (item && !this.#existed(item)) item = item.left;
		return item;
	}

	#items(parent: Container): Y.Item[] {
		const items: Y.Item[] = [];
		for (let item = parent._start; item; item = item.right) if (this.#wasThere(item)) items.push(item);
		return items;
	}

	#existed({ id }: Y.Item): boolean {
		return id.clock < (this.#transaction.beforeState.get(id.client) ?? 0);
	}

	#wasThere(item: Y.Item): boolean {
		return this.#existed(item) && (!item.deleted || Y.isDeleted(this.#transaction.deleteSet, item.id));
	}
}

function setMark(marks: Values, { key, value }: Y.ContentFormat): void {
	if (value === null) delete marks[key];
	else marks[key] = value as unknown;
}
