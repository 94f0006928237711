import * as encoding from 'lib0/encoding';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { isRefusal } from '#domain/refusal.ts';
import { makeItem, putTogether } from '../../../tests/support/board-fuzz/raw-update.ts';
import { docOf, startingBoard } from '../../../tests/support/board-fuzz/starting-board.ts';
import { findNotes, projectsOf } from '../schema.ts';
import { inspectUpdate } from './inspect.ts';

const NEW = 9;
let board: Y.Doc;

beforeEach(() => {
	board = docOf(startingBoard());
});

function verdictOf(update: Uint8Array, on = board): string {
	try {
		inspectUpdate(on, update);
		return 'accepted';
	} catch (error) {
		if (isRefusal(error)) return error.code;
		throw error;
	}
}

function updateOf(
	items: Y.Item[],
	deleted: { client: number; ranges: { clock: number; len: number }[] }[] = []
) {
	return putTogether({
		blocks: items.length > 0 ? [{ client: NEW, clock: 0, structs: items }] : [],
		deleted
	});
}

/** What a person changed on a copy of the board. */
function editsOf(edit: (doc: Y.Doc, notes: Y.XmlFragment) => void): Uint8Array {
	const copy = docOf(Y.encodeStateAsUpdate(board));
	edit(copy, findNotes(copy, 'a')!);
	return Y.encodeStateAsUpdate(copy, Y.encodeStateVector(board));
}

const rule = () => new Y.XmlElement('horizontalRule');

describe('forged so that Yjs would take minutes', () => {
	test('one key set again and again from nothing', () => {
		const parent = projectsOf(board).get('a')!._item!.id;
		const set = (_: unknown, clock: number) =>
			makeItem({ client: NEW, clock, parent, key: 'name', content: new Y.ContentAny(['x']) });
		expect(verdictOf(updateOf(Array.from({ length: 5_000 }, set)))).toBe('too-large');
	});
	test('nodes behind one and before ever another', () => {
		findNotes(board, 'a')!.insert(0, Array.from({ length: 2_000 }, rule));
		const items = [...nodesOf(board)].slice(1).map((item, clock) => {
			const content = new Y.ContentType(rule());
			return makeItem({ client: NEW, clock, origin: nodesOf(board)[0]!.id, rightOrigin: item.id, content });
		});
		expect(verdictOf(updateOf(items))).toBe('too-large');
	});
	test('every second character of a text deleted', () => {
		const text = new Y.XmlText('x'.repeat(60_000));
		findNotes(board, 'a')!.insert(0, [text]);
		const { client, clock } = text._start!.id;
		const ranges = Array.from({ length: 30_000 }, (_, index) => ({ clock: clock + 2 * index, len: 1 }));
		expect(verdictOf(updateOf([], [{ client, ranges }]))).toBe('too-large');
	});
});

/** The items of the notes of project `a`. */
function nodesOf(doc: Y.Doc): Y.Item[] {
	const items: Y.Item[] = [];
	for (let item = findNotes(doc, 'a')!._start; item !== null; item = item.right) items.push(item);
	return items;
}

describe('honest, and much at once', () => {
	test.each<[string, (doc: Y.Doc, notes: Y.XmlFragment) => void]>([
		['blocks put before one another', (_, notes) => times(3_000, () => notes.insert(0, [rule()]))],
		['blocks put behind one another', (_, notes) => times(3_000, () => notes.push([rule()]))],
		[
			'blocks put in here and there',
			(_, notes) => times(1_500, (index) => notes.insert((index * 7) % (notes.length + 1), [rule()]))
		],
		[
			'one field set again and again',
			(doc) => times(3_000, (index) => projectsOf(doc).get('a')!.set('name', `n${index}`))
		],
		['all blocks deleted', (_, notes) => notes.delete(0, notes.length)]
	])('%s', (_, edit) => {
		findNotes(board, 'a')!.insert(0, Array.from({ length: 500 }, rule));
		expect(verdictOf(editsOf(edit))).toBe('accepted');
	});

	test('two people who wrote at one place for long, apart from one another', () => {
		const [one, other] = [0, 1].map(() =>
			editsOf((_, notes) => times(1_000, () => notes.insert(0, [rule()])))
		);
		Y.applyUpdate(board, one!);
		expect(verdictOf(other!)).toBe('accepted');
	});

	test('a text written in at a thousand places', () => {
		const text = new Y.XmlText('字'.repeat(1_000));
		findNotes(board, 'a')!.insert(0, [text]);
		const edits = editsOf((_, notes) => {
			const copy = notes.get(0) as unknown as Y.XmlText;
			times(1_000, (index) => copy.insert(1_000 - index, '新'));
		});
		expect(verdictOf(edits)).toBe('accepted');
	});
});

function times(count: number, work: (index: number) => void): void {
	for (let index = 0; index < count; index++) work(index);
}

describe('a few bytes that would become megabytes', () => {
	const MANY = 30_000_000;
	const bytesOf = (...numbers: number[]) => {
		const encoder = encoding.createEncoder();
		for (const number of numbers) encoding.writeVarUint(encoder, number);
		return encoding.toUint8Array(encoder);
	};
	const valueOf = (write: (encoder: encoding.Encoder) => void) => {
		class Raw extends Y.ContentAny {
			override write(encoder: Y.UpdateEncoderV1): void {
				encoder.writeLen(1);
				write(encoder.restEncoder);
			}
		}
		const parent = projectsOf(board).get('a')!._item!.id;
		return updateOf([makeItem({ client: NEW, clock: 0, parent, key: 'place', content: new Raw([null]) })]);
	};
	test.each<[string, () => Uint8Array]>([
		['structs that are not there', () => bytesOf(1, MANY)],
		['deleted ranges that are not there', () => bytesOf(0, 1, NEW, MANY)],
		['clients that are not there', () => bytesOf(MANY)],
		['the other encoding', () => otherEncoding(MANY)],
		[
			'values that are not there',
			() => Uint8Array.of(1, 1, NEW, 0, 8, 1, 4, ...new TextEncoder().encode('meta'), ...bytesOf(MANY))
		],
		[
			'empty records',
			() =>
				valueOf((encoder) => {
					encoding.writeUint8Array(encoder, Uint8Array.of(117, ...bytesOf(500_000)));
					times(500_000, () => encoding.writeUint8Array(encoder, Uint8Array.of(118, 0)));
				})
		],
		[
			'lists in lists',
			() =>
				valueOf((encoder) => {
					times(500_000, () => encoding.writeUint8Array(encoder, Uint8Array.of(117, 1)));
					encoding.writeUint8(encoder, 126);
				})
		],
		[
			'documents',
			() =>
				updateOf(
					Array.from({ length: 1_000 }, (_, clock) => {
						const parent = projectsOf(board).get('a')!._item!.id;
						return makeItem({
							client: NEW,
							clock,
							parent,
							key: 'name',
							content: new Y.ContentDoc(new Y.Doc())
						});
					})
				)
		]
	])('%s', (_, make) => {
		const update = make();
		const before = heapBytes();
		times(20, () => expect(verdictOf(update)).not.toBe('accepted'));
		expect(heapBytes() - before).toBeLessThan(64 << 20);
	});
});

function heapBytes(): number {
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** An update of encoding V2, in which one run of equal bytes stands for any number of structs. */
function otherEncoding(structs: number): Uint8Array {
	const encoder = new Y.UpdateEncoderV2();
	encoding.writeVarUint(encoder.restEncoder, 1);
	encoding.writeVarUint(encoder.restEncoder, structs);
	encoder.writeClient(NEW);
	encoding.writeVarUint(encoder.restEncoder, 0);
	encoder.writeInfo(0);
	times(3, () => encoder.writeLen(1));
	return encoder.toUint8Array();
}
