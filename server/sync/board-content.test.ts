import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { atOnce } from '#doc/steps.ts';
import { packState } from '#server/journal/packed-state.ts';
import { pictureOf } from '../../tests/support/board-fuzz/board-picture.ts';
import { FuzzSession } from '../../tests/support/board-fuzz/session.ts';
import { docOf, startingBoard } from '../../tests/support/board-fuzz/starting-board.ts';
import { BoardContent } from './board-content.ts';

const KEPT = { entries: 3, bytes: 1_000 };

/** A board with a packed state of its first `packed` entries, and as many after it. */
async function make({ packed, after }: { packed: number; after: number }) {
	const author = new Y.Doc();
	const entries: { seq: number; hash: string; update: Uint8Array }[] = [];
	author.on('update', (update: Uint8Array) => {
		const seq = entries.length + 1;
		entries.push({ seq, hash: `hash ${seq}`, update });
	});
	const write = () => author.getMap('meta').set('title', `${entries.length}`);
	for (let count = 0; count < packed; count++) write();
	const state = packed > 0 ? await packState(author) : undefined;
	const base = { seq: packed, hash: `hash ${packed}`, state };
	for (let count = 0; count < after; count++) write();
	const stateVector = Y.encodeStateVector(author);
	const stored = { base, tail: entries.slice(packed), stateVector } as never;
	return { author, entries, write, content: new BoardContent(stored, KEPT) };
}

describe('a board’s content', () => {
	test.each([
		{ packed: 0, after: 4 },
		{ packed: 5, after: 0 },
		{ packed: 5, after: 4 }
	])('builds its document only when asked for: %o', async (shape) => {
		const { author, content } = await make(shape);
		expect(content.stateVector).toEqual(Y.encodeStateVector(author));
		expect(content.end).toMatchObject({ seq: shape.packed + shape.after });
		expect(content.hasDocument).toBe(false);
		expect(Y.encodeStateAsUpdate(atOnce(content.document()))).toEqual(Y.encodeStateAsUpdate(author));
		expect(content.hasDocument).toBe(true);
	});

	test('builds a large document step by step, the same as at once', async () => {
		const author = docOf(startingBoard());
		const session = new FuzzSession(7);
		for (let step = 0; step < 3_000; step++) session.step();
		Y.applyUpdate(author, Y.mergeUpdates(session.log));
		for (let count = 0; count < 1_000; count++) author.getMap('meta').set(`key ${count}`, 'a longer value');
		const state = await packState(author);
		const base = { seq: 9, hash: 'hash 9', state };
		const stored = { base, tail: [], stateVector: Y.encodeStateVector(author) } as never;
		const building = new BoardContent(stored, KEPT).document();
		let steps = 0;
		let step = building.next();
		for (; !step.done; step = building.next()) steps += 1;
		expect(steps).toBeGreaterThan(10);
		expect(Y.encodeStateAsUpdate(step.value)).toEqual(Y.encodeStateAsUpdate(author));
		expect(pictureOf(step.value)).toEqual(pictureOf(author));
	});

	test('lets the document go and builds it again, with what was committed meanwhile', async () => {
		const { author, content, write, entries } = await make({ packed: 2, after: 1 });
		expect(content.hasDocument).toBe(false);
		write();
		Y.applyUpdate(atOnce(content.document()), entries.at(-1)!.update);
		content.keep(entries.slice(-1));
		content.forgetDocument();
		expect(content.hasDocument).toBe(false);
		expect(content.stateVector).toEqual(Y.encodeStateVector(author));
		expect(Y.encodeStateAsUpdate(atOnce(content.document()))).toEqual(Y.encodeStateAsUpdate(author));
	});

	test('knows the entries since a seq, and those before its base as far as they are kept', async () => {
		const { author, content, entries } = await make({ packed: 2, after: 6 });
		const seqs = (seq: number) => content.since(seq)?.map((entry) => entry.seq);
		expect(seqs(8)).toEqual([]);
		expect(seqs(2)).toEqual([3, 4, 5, 6, 7, 8]);
		expect([seqs(1), seqs(9)]).toEqual([undefined, undefined]);
		content.rebase({ seq: 7, hash: entries[6]!.hash, state: await packState(author) });
		expect(seqs(7)).toEqual([8]);
		expect(seqs(4)).toEqual([5, 6, 7, 8]);
		expect(seqs(3)).toBeUndefined();
		expect(content.tail).toMatchObject({ entries: 1 });
		expect([content.hashAt(7), content.hashAt(5), content.hashAt(3)]).toEqual([
			'hash 7',
			'hash 5',
			undefined
		]);
	});

	test('is not built from a state that is no board', async () => {
		const { content } = await make({ packed: 3, after: 1 });
		const { stateVector } = content;
		const deflated = (await packState(new Y.Doc())).deflated.slice(0, 3);
		content.rebase({ seq: 4, hash: 'x', state: { stateVector, deflated } });
		expect(() => atOnce(content.document())).toThrow();
	});
});
