import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isRefusal, type RefusalCode } from '#domain/refusal.ts';
import {
	type ItemParts,
	makeItem,
	putTogether,
	type RawUpdate
} from '../../../tests/support/board-fuzz/raw-update.ts';
import { differences, pictureOf } from '../../../tests/support/board-fuzz/board-picture.ts';
import { docOf, startingBoard } from '../../../tests/support/board-fuzz/starting-board.ts';
import { removeProject } from '../mutators.ts';
import { findNotes, projectsOf } from '../schema.ts';
import { inspectUpdate } from './inspect.ts';

/** Somebody who never wrote before. */
const NEW = 9;
/** Somebody whose text with a character of two units is on the board. */
const WRITER = 2;

let board: Y.Doc;

beforeEach(() => {
	board = docOf(startingBoard());
	board.clientID = WRITER;
	for (const projectId of ['a', 'b']) {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText('桥😀梁')]);
		findNotes(board, projectId)!.insert(0, [paragraph]);
	}
});

const any = (value: unknown) => new Y.ContentAny([value]);
const text = (string: string) => new Y.ContentString(string);
const type = (shared: unknown) => new Y.ContentType(shared as Y.Map<unknown>);
const itemOf = (projectId: string) => projectsOf(board).get(projectId)!._item!;
const fieldOf = (projectId: string, field: string) => projectsOf(board).get(projectId)!._map.get(field)!;
const textOf = (projectId: string) =>
	(findNotes(board, projectId)!.get(0) as Y.XmlElement).get(0) as Y.XmlText;
const charOf = (projectId: string, index: number) => {
	const { client, clock } = textOf(projectId)._start!.id;
	return Y.createID(client, clock + index);
};
const id = Y.createID;

type Parts = Omit<ItemParts, 'client' | 'clock'>;

/** The structs of a client one after the other. */
function block(client: number, clock: number, ...items: Parts[]): RawUpdate['blocks'][number] {
	let next = clock;
	const structs = items.map((parts) => {
		const item = makeItem({ ...parts, client, clock: next });
		next += item.length;
		return item;
	});
	return { client, clock, structs };
}

function updateOf(blocks: RawUpdate['blocks'], deleted: RawUpdate['deleted'] = []): Uint8Array {
	return putTogether({ blocks, deleted });
}

function refusalOf(update: Uint8Array): RefusalCode | 'accepted' {
	const before = Y.encodeStateAsUpdate(board);
	try {
		inspectUpdate(board, update);
		return 'accepted';
	} catch (error) {
		if (!isRefusal(error)) throw error;
		expect(Y.encodeStateAsUpdate(board)).toEqual(before);
		return error.code;
	}
}

/** What Yjs would do with an update if nobody looked at it before: the places that change, or what goes wrong. */
function harmOf(update: Uint8Array): string[] {
	const copy = docOf(Y.encodeStateAsUpdate(board));
	const before = pictureOf(copy);
	try {
		Y.applyUpdate(copy, update);
	} catch {
		return ['fails'];
	}
	if (copy.store.pendingStructs || copy.store.pendingDs) return ['stays pending'];
	return [
		...differences(before, pictureOf(copy)),
		...[...copy.share.keys()].filter((name) => !board.share.has(name))
	];
}

describe('what Yjs would fail on, or keep waiting', () => {
	test.each<[string, RefusalCode, string, () => Uint8Array]>([
		[
			'an item behind a later one of its own client',
			'malformed-update',
			'fails',
			() =>
				updateOf([
					block(
						NEW,
						0,
						{ origin: id(NEW, 1), content: text('x') },
						{ origin: charOf('a', 0), content: text('y') }
					)
				])
		],
		[
			'a known item behind one that is to come',
			'malformed-update',
			'fails',
			() => {
				const { client, clock } = textOf('b')._start!.id;
				return updateOf([
					block(
						client,
						clock + 3,
						{ origin: id(client, clock + 4), content: text('梁') },
						{ origin: charOf('a', 0), content: text('x') }
					)
				]);
			}
		],
		[
			'items of two clients that wait for one another',
			'malformed-update',
			'stays pending',
			() =>
				updateOf([
					block(NEW, 0, { origin: id(8, 0), content: text('x') }),
					block(8, 0, { origin: id(NEW, 0), content: text('y') })
				])
		],
		[
			'a client in two blocks',
			'malformed-update',
			'stays pending',
			() =>
				updateOf([
					block(NEW, 0, { origin: charOf('a', 0), content: text('x') }),
					block(NEW, 1, { origin: id(NEW, 0), content: text('y') })
				])
		],
		[
			'a known beginning that was collected, under a living parent',
			'malformed-update',
			'fails',
			() => {
				const { clock } = textOf('b')._start!.id;
				removeProject(board, 'b');
				const end = Y.getState(board.store, WRITER);
				const item = makeItem({
					client: WRITER,
					clock,
					parent: textOf('a')._item!.id,
					content: text('x'.repeat(end - clock + 2))
				});
				return updateOf([{ client: WRITER, clock, structs: [item] }]);
			}
		],
		[
			'what builds on something not here',
			'gap',
			'stays pending',
			() => updateOf([block(NEW, 1, { origin: charOf('a', 0), content: text('x') })])
		],
		[
			'clocks left out that are not here',
			'gap',
			'stays pending',
			() => {
				const skipped = {
					client: NEW,
					clock: 0,
					structs: [
						new Y.Skip(id(NEW, 0), 2),
						...block(NEW, 2, { origin: charOf('a', 0), content: text('x') }).structs
					]
				};
				return updateOf([skipped]);
			}
		],
		[
			'deleting what is not here',
			'gap',
			'stays pending',
			() => updateOf([], [{ client: NEW, ranges: [{ clock: 0, len: 1 }] }])
		]
	])('%s', (_, code, harm, make) => {
		const update = make();
		expect(harmOf(update)).toEqual([harm]);
		expect(refusalOf(update)).toBe(code);
	});
});

describe('what would change something without naming it', () => {
	test.each<[string, RefusalCode, string, () => Uint8Array]>([
		[
			'a neighbour in another project, in the middle of a character',
			'malformed-update',
			'projects/b/notes',
			() => {
				const item = { origin: fieldOf('a', 'name').id, rightOrigin: charOf('b', 2), content: any('甲') };
				return updateOf([block(NEW, 0, item)]);
			}
		],
		[
			'deleting nothing, in the middle of a character',
			'malformed-update',
			'projects/b/notes',
			() => updateOf([], [{ client: WRITER, ranges: [{ clock: charOf('b', 2).clock, len: 0 }] }])
		],
		[
			'another root, named by an item that is known',
			'schema',
			'other',
			() => updateOf([block(1, 0, { parent: 'other', key: 'title', content: any('板') })])
		]
	])('%s', (_, code, harm, make) => {
		const update = make();
		expect(harmOf(update)).toContain(harm);
		expect(refusalOf(update)).toBe(code);
	});

	test('a known item that cuts a character in two is accepted with the place it changes', () => {
		const { client, clock } = textOf('b')._start!.id;
		const parts = block(
			client,
			clock,
			{ parent: textOf('b')._item!.id, content: text('桥x') },
			{ origin: id(client, clock + 1), content: text('x梁') }
		);
		const update = updateOf([parts]);
		expect(harmOf(update)).toEqual(['projects/b/notes']);
		expect(inspectUpdate(board, update)).toMatchObject({
			touched: [['projects', 'b', 'notes']],
			writers: [],
			isKnown: false
		});
	});
});

describe('what does not agree with itself', () => {
	test.each<[string, () => Uint8Array]>([
		[
			'a value as a parent',
			() => updateOf([block(NEW, 0, { parent: fieldOf('a', 'name').id, key: 'x', content: any(1) })])
		],
		[
			'neighbours under two keys of one map',
			() =>
				updateOf([
					block(NEW, 0, {
						origin: fieldOf('a', 'name').id,
						rightOrigin: fieldOf('a', 'sector').id,
						content: any('x')
					})
				])
		],
		[
			'a known beginning that stands elsewhere',
			() => {
				const { client, clock } = textOf('b')._start!.id;
				return updateOf([block(client, clock, { parent: textOf('a')._item!.id, content: text('桥😀梁x') })]);
			}
		],
		[
			'ranges over each other',
			() =>
				updateOf(
					[],
					[
						{
							client: 1,
							ranges: [
								{ clock: 0, len: 3 },
								{ clock: 2, len: 1 }
							]
						}
					]
				)
		],
		['an item of no length', () => updateOf([block(NEW, 0, { origin: charOf('a', 0), content: text('') })])],
		[
			'a clock near the end of numbers',
			() => updateOf([{ client: NEW, clock: 0, structs: [new Y.GC(id(NEW, 0), 2 ** 53 - 1)] }])
		],
		[
			'a client beyond whole numbers',
			() => updateOf([{ client: 2 ** 54, clock: 0, structs: [new Y.GC(id(2 ** 54, 0), 1)] }])
		],
		[
			'an empty block behind a full one of the same client',
			() =>
				updateOf([
					block(NEW, 0, { origin: charOf('a', 0), content: text('x') }),
					{ client: NEW, clock: 1, structs: [] }
				])
		]
	])('%s', (_, make) => {
		expect(refusalOf(make())).toBe('malformed-update');
	});
});

describe('what the format has none of', () => {
	const inProject = (key: string, content: Y.Item['content']) => () =>
		updateOf([block(NEW, 0, { parent: itemOf('a').id, key, content })]);
	const inNotes =
		(content: Y.Item['content'], key: string | null = null) =>
		() =>
			updateOf([block(NEW, 0, { parent: findNotes(board, 'a')!._item!.id, key, content })]);
	const inText = (content: Y.Item['content']) => () =>
		updateOf([block(NEW, 0, { origin: charOf('a', 0), content })]);
	const inParagraph =
		(content: Y.Item['content'], key: string | null = null) =>
		() =>
			updateOf([block(NEW, 0, { parent: findNotes(board, 'a')!.get(0)._item!.id, key, content })]);
	const place = JSON.parse('{"stage":"study","order":"a0","__proto__":{"x":1}}') as object;
	test.each<[string, () => Uint8Array]>([
		['a list item in a map', () => updateOf([block(NEW, 0, { parent: itemOf('a').id, content: any('x') })])],
		[
			'a map among the list items of a map',
			() => updateOf([block(NEW, 0, { parent: 'projects', content: type(new Y.Map()) })])
		],
		['a hook as a map', inProject('cities', type(new Y.XmlHook('x')))],
		['an array as a map', inProject('cities', type(new Y.Array()))],
		['a text as notes', inProject('notes', type(new Y.XmlText()))],
		['an element as notes', inProject('notes', type(new Y.XmlElement('paragraph')))],
		['an embedded object', inText(new Y.ContentEmbed({ image: 'x' }))],
		['bytes', inProject('name', new Y.ContentBinary(new Uint8Array(2)))],
		['bytes as a value', inProject('name', any(new Uint8Array(2)))],
		['a value of the old kind', inProject('name', new Y.ContentJSON(['x']))],
		['a document', inProject('name', new Y.ContentDoc(new Y.Doc()))],
		['a text in a map', inProject('name', text('x'))],
		['a mark in a map', inProject('name', new Y.ContentFormat('bold', {}))],
		['undefined', inProject('name', any(undefined))],
		['a large integer', inProject('totalInvestmentYuan', any(1n))],
		['not a number', inProject('totalInvestmentYuan', any(Number.NaN))],
		['a record with a prototype', inProject('place', any(place))],
		['a second value that breaks the rule', inProject('name', new Y.ContentAny(['甲', '']))],
		['a reserved key', inProject('__proto__', any('x'))],
		[
			'an id that is none',
			() => updateOf([block(NEW, 0, { parent: 'projects', key: '../x', content: type(new Y.Map()) })])
		],
		['a key of another format, deleted again', inProject('colour', new Y.ContentDeleted(1))],
		['attributes of the notes', inNotes(any('x'), 'level')],
		['text between the nodes', inNotes(text('x'))],
		['a mark between the nodes', inNotes(new Y.ContentFormat('bold', {}))],
		['a map in notes', inNotes(type(new Y.Map()))],
		['a fragment in notes', inNotes(type(new Y.XmlFragment()))],
		['a text of another kind', inNotes(type(new Y.Text()))],
		['a node in a text', inText(type(new Y.XmlElement('hardBreak')))],
		['a NUL in a text', inText(text('a\0b'))],
		['a mark with nested parts', inText(new Y.ContentFormat('bold', { a: { b: 1 } }))],
		['an unknown attribute', inParagraph(any('alert(1)'), 'onclick')],
		['an attribute of another node', inParagraph(any(2), 'level')]
	])('%s', (_, make) => {
		expect(refusalOf(make())).toBe('schema');
	});

	test('a hostile key is cut before it is told to anybody', () => {
		const update = updateOf([
			block(NEW, 0, { parent: itemOf('a').id, key: '长'.repeat(100_000), content: any('x') })
		]);
		expect(() => inspectUpdate(board, update)).toThrow(
			expect.objectContaining({ path: ['projects', 'a', '长'.repeat(80)] })
		);
	});

	test.each([
		['kind of content', [1, 1, NEW, 0, 0b1_0000 | 11, 1, 1]],
		['shared type', [1, 1, NEW, 0, 7, 1, 4, ...new TextEncoder().encode('meta'), 12, 0]]
	])('an unknown %s', (_, bytes) => {
		expect(['schema', 'malformed-update']).toContain(refusalOf(Uint8Array.from(bytes)));
	});
});

describe('accepted', () => {
	test('what belongs to a project that was deleted: it changes nothing, but its author is known', () => {
		const [parent, origin] = [itemOf('b').id, charOf('b', 0)];
		removeProject(board, 'b');
		const update = updateOf([
			block(NEW, 0, { parent, key: 'evil', content: type(new Y.Array()) }, { origin, content: any('x') })
		]);
		expect(harmOf(update)).toEqual([]);
		expect(inspectUpdate(board, update)).toMatchObject({
			touched: [],
			writers: [NEW],
			isKnown: false,
			clashes: []
		});
	});

	test('clocks left out that are here', () => {
		Y.applyUpdate(board, updateOf([block(NEW, 0, { origin: charOf('a', 0), content: text('xy') })]));
		const structs = [
			new Y.Skip(id(NEW, 0), 2),
			...block(NEW, 2, { origin: id(NEW, 1), content: text('z') }).structs
		];
		expect(inspectUpdate(board, updateOf([{ client: NEW, clock: 0, structs }])).touched).toEqual([
			['projects', 'a', 'notes']
		]);
	});

	test('values a client kept to undo them, joined under one key', () => {
		const update = updateOf(
			[block(NEW, 0, { origin: fieldOf('a', 'name').id, content: new Y.ContentAny(['甲', '乙']) })],
			[{ client: NEW, ranges: [{ clock: 0, len: 2 }] }]
		);
		expect(inspectUpdate(board, update).touched).toEqual([['projects', 'a', 'name']]);
	});
});
