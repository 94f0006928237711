import * as Y from 'yjs';
import { PROJECT_FIELDS } from '#doc/fields.ts';
import type { Random } from './random.ts';
import { makeItem, putTogether, type RawUpdate, takeApart } from './raw-update.ts';

type Struct = RawUpdate['blocks'][number]['structs'][number];

/** Bytes changed at random: flipped, cut off, doubled, or joined with another update's. */
export function damage(update: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
	const bytes = Uint8Array.from(update);
	switch (random.int(5)) {
		case 0:
			return bytes.slice(0, random.int(bytes.length));
		case 1:
			return Uint8Array.of(
				...bytes.slice(0, random.int(bytes.length)),
				...other.slice(random.int(other.length))
			);
		case 2: {
			const at = random.int(bytes.length);
			return Uint8Array.of(...bytes.slice(0, at), random.int(256), ...bytes.slice(at));
		}
		default:
			for (let count = 1 + random.int(3); count > 0; count--)
				bytes[random.int(bytes.length)] = random.int(256);
			return bytes;
	}
}

/** A real update taken apart, changed in one to three places as a forger would, and put together again. */
export function forge(update: Uint8Array, board: Y.Doc, random: Random): Uint8Array {
	const forger = new Forger(takeApart(update), board, random);
	for (let count = 1 + random.int(3); count > 0; count--) forger.change();
	return putTogether(forger.update);
}

const KEYS = [
	'a',
	'b',
	'name',
	'place',
	'cities',
	'notes',
	'530100',
	'e1',
	'level',
	'evil',
	'__proto__',
	'constructor'
];
const VALUES = [
	'甲',
	'',
	null,
	undefined,
	true,
	-1,
	0.5,
	12n,
	2 ** 53,
	'x'.repeat(201),
	'\u202eabc',
	new Uint8Array(2),
	[],
	{},
	{ stage: 'study', order: 'a0' },
	{ stage: 'nowhere', order: 'a0' },
	{ stage: 'study', order: 'a0', more: 1 },
	JSON.parse('{"stage":"study","order":"a1","__proto__":{"more":1}}') as object,
	{ zh: '一', en: 'one' },
	[[[[[[[[]]]]]]]]
];

class Forger {
	readonly update: RawUpdate;
	readonly #board: Y.Doc;
	readonly #random: Random;

	constructor(update: RawUpdate, board: Y.Doc, random: Random) {
		this.update = update;
		this.#board = board;
		this.#random = random;
	}

	change(): void {
		const random = this.#random;
		const block = random.maybe(this.#filledBlocks());
		if (!block || random.chance(0.2)) return random.chance(0.5) ? this.#addDeletion() : this.#addBlock();
		const index = random.int(block.structs.length);
		const struct = block.structs[index]!;
		if (struct instanceof Y.Item && random.chance(0.75)) block.structs[index] = this.#changedItem(struct);
		else this.#changeBlock(block, index);
	}

	#filledBlocks() {
		return this.update.blocks.filter(({ structs }) => structs.length > 0);
	}

	/** An id of the board or of the update, or near one. */
	#id(): Y.ID {
		const random = this.#random;
		const block = random.maybe(this.#filledBlocks());
		if (block && random.chance(0.3)) {
			const { id, length } = random.pick(block.structs);
			return Y.createID(id.client, id.clock + random.int(length + 1));
		}
		const client = random.pick([...this.#board.store.clients.keys()]);
		return Y.createID(
			client,
			random.int(Y.getState(this.#board.store, client) + (random.chance(0.1) ? 3 : 0))
		);
	}

	/** The end of a live item of the board: of a map's value, or of a text. */
	#liveItem(): Y.Item | undefined {
		const structs = [...this.#board.store.clients.values()].flat();
		return this.#random.maybe(
			structs.filter((struct): struct is Y.Item => struct instanceof Y.Item && !struct.deleted)
		);
	}

	#container(): Y.ID | string {
		const random = this.#random;
		if (random.chance(0.25)) return random.pick(['projects', 'stages', 'meta', 'evil']);
		for (let tries = 8; tries > 0; tries--) {
			const item = this.#liveItem();
			if (item?.content instanceof Y.ContentType) return item.id;
		}
		return this.#id();
	}

	#changedItem(item: Y.Item): Y.Item {
		const random = this.#random;
		const { client, clock } = item.id;
		const parts = {
			client,
			clock,
			origin: item.origin,
			rightOrigin: item.rightOrigin,
			parent: item.parent as Y.ID | string | null,
			key: item.parentSub,
			content: item.content
		};
		const neighbour = random.chance(0.5) ? (this.#liveItem()?.lastId ?? this.#id()) : this.#id();
		const trick = random.int(7);
		if (trick === 0) parts.origin = neighbour;
		if (trick === 1) parts.rightOrigin = neighbour;
		if (trick === 2) [parts.origin, parts.rightOrigin] = [null, null];
		if (trick === 3) Object.assign(parts, { origin: null, rightOrigin: null, parent: this.#container() });
		if (trick === 4) parts.key = random.pick([...KEYS, null]);
		if (trick >= 5) parts.content = this.#content();
		if (!parts.origin && !parts.rightOrigin) parts.parent ??= this.#container();
		if (!parts.origin && !parts.rightOrigin && random.chance(0.3)) parts.key = random.pick([...KEYS, null]);
		return makeItem(parts);
	}

	#content(): Y.Item['content'] {
		const random = this.#random;
		const node = random.pick(['paragraph', 'heading', 'script', 'hardBreak']);
		return random.pick<() => Y.Item['content']>([
			() => new Y.ContentAny([random.pick(VALUES)]),
			() => new Y.ContentAny([random.pick(VALUES), random.pick(VALUES)]),
			() => new Y.ContentString(random.pick(['字', 'a😀b', '\0', ''])),
			() => new Y.ContentDeleted(random.int(4)),
			() =>
				new Y.ContentFormat(
					random.pick(['bold', 'link', 'evil']),
					random.pick<unknown>([null, {}, { href: 'data:,x' }, [1]]) as object
				),
			() => new Y.ContentType(new Y.Map()),
			() => new Y.ContentType(new Y.XmlFragment()),
			() => new Y.ContentType(new Y.XmlText()),
			() => new Y.ContentType(new Y.XmlElement(node)),
			() => new Y.ContentType(random.pick([new Y.Array(), new Y.Text(), new Y.XmlHook('paragraph')])),
			() => new Y.ContentEmbed({ image: 'x' }),
			() => new Y.ContentBinary(new Uint8Array(3)),
			() => new Y.ContentJSON([random.pick(['x', 1, null])]),
			() => new Y.ContentDoc(new Y.Doc())
		])();
	}

	#changeBlock(block: RawUpdate['blocks'][number], index: number): void {
		const random = this.#random;
		const { client, clock } = block.structs[index]!.id;
		switch (random.int(7)) {
			case 0:
				block.clock = Math.max(0, block.clock + random.int(5) - 2);
				break;
			case 1:
				block.client = random.pick([...this.#board.store.clients.keys(), 7]);
				break;
			case 2:
				block.structs.splice(index, 1);
				break;
			case 3:
				block.structs.splice(index, 0, new Y.Skip(Y.createID(client, clock), random.int(4)));
				break;
			case 4:
				block.structs[index] = new Y.GC(Y.createID(client, clock), random.pick([0, 1, 2, 2 ** 50]));
				break;
			case 5:
				this.update.blocks.push({
					client,
					clock: clock + 1,
					structs: random.chance(0.5) ? [] : [block.structs[index]!]
				});
				break;
			default:
				this.#knownBefore(block);
		}
	}

	/** What the board has of the client already comes again, and not quite the same. */
	#knownBefore(block: RawUpdate['blocks'][number]): void {
		const known = (this.#board.store.clients.get(block.client) ?? []).slice(-1 - this.#random.int(4));
		const [first] = known;
		if (!first || known.at(-1)!.id.clock + known.at(-1)!.length !== block.clock) return;
		const again = known.map((struct: Struct) => {
			if (!(struct instanceof Y.Item)) return struct;
			const parent = (struct.parent as Y.AbstractType<unknown>)._item?.id ?? 'projects';
			const { client, clock } = struct.id;
			const { origin, rightOrigin, parentSub: key, content } = struct;
			const copy = makeItem({ client, clock, origin, rightOrigin, parent, key, content });
			return this.#random.chance(0.4) ? this.#changedItem(copy) : copy;
		});
		block.clock = first.id.clock;
		block.structs.unshift(...again);
	}

	/** A client that nobody knows puts something somewhere. */
	#addBlock(): void {
		const random = this.#random;
		const client = 3_000_000_000 + random.int(5);
		const bare = makeItem({
			client,
			clock: 0,
			parent: this.#container(),
			key: random.pick([...KEYS, null]),
			content: this.#content()
		});
		const beside = this.#liveItem();
		const structs = [random.chance(0.5) && beside ? this.#beside(client, beside) : bare];
		if (random.chance(0.3))
			structs.push(
				makeItem({
					client,
					clock: structs[0]!.length,
					parent: structs[0]!.id,
					key: this.#fieldKey(),
					content: this.#content()
				})
			);
		this.update.blocks.push({ client, clock: 0, structs });
	}

	#fieldKey(): string {
		return this.#random.pick(Object.keys(PROJECT_FIELDS));
	}

	#beside(client: number, { lastId, right, content }: Y.Item): Y.Item {
		const rightOrigin = this.#random.chance(0.5) ? (right?.id ?? null) : null;
		const same =
			content instanceof Y.ContentType ? new Y.ContentType(content.type._copy() as Y.Map<unknown>) : content;
		return makeItem({
			client,
			clock: 0,
			origin: lastId,
			rightOrigin,
			content: this.#random.chance(0.6) ? same : this.#content()
		});
	}

	#addDeletion(): void {
		const random = this.#random;
		const { client, clock } = this.#id();
		const ranges = [{ clock, len: random.pick([0, 1, 1, 1, 2, 5, 1_000, 2 ** 52]) }];
		if (random.chance(0.2)) ranges.push({ clock: clock + random.int(3), len: 1 });
		const known = this.update.deleted.find((deletion) => deletion.client === client);
		if (known && random.chance(0.7)) known.ranges.push(...ranges);
		else this.update.deleted.push({ client, ranges });
	}
}
