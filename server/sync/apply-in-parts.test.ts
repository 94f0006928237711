import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { decodeUpdate } from '#doc/inspection/decode-update.ts';
import { atOnce, PIECES_PER_STEP } from '#doc/steps.ts';
import { pictureOf } from '../../tests/support/board-fuzz/board-picture.ts';
import { FuzzSession } from '../../tests/support/board-fuzz/session.ts';
import { docOf, startingBoard } from '../../tests/support/board-fuzz/starting-board.ts';
import { applyInParts } from './apply-in-parts.ts';

const STEPS = 3_000;

/** All that three people made of the starting board, as one update. */
function workOf(seed: number): Uint8Array {
	const session = new FuzzSession(seed);
	for (let step = 0; step < STEPS; step++) session.step();
	return Y.mergeUpdates(session.log);
}

/** Without what Yjs tidies up by itself. */
function openBoard(): Y.Doc {
	const doc = docOf(startingBoard());
	doc.on('afterTransaction', (transaction) => (transaction._needFormattingCleanup = false));
	return doc;
}

test.each([1, 2, 3, 4, 5])('seed %i: the parts together do what the whole does', (seed) => {
	const update = workOf(seed);
	const [whole, inParts] = [openBoard(), openBoard()];
	Y.applyUpdate(whole, update);
	let parts = 0;
	const steps = applyInParts(inParts, decodeUpdate(update));
	while (!steps.next().done) parts += 1;
	expect(parts).toBeGreaterThan(3);
	expect(inParts.store.pendingStructs ?? inParts.store.pendingDs).toBeNull();
	expect(pictureOf(inParts)).toEqual(pictureOf(whole));
	const [state, expected] = [Y.snapshot(inParts), Y.snapshot(whole)];
	expect(Y.equalSnapshots(state, expected)).toBe(true);
});

test('marks whose text comes in a later part stay', () => {
	const author = docOf(startingBoard());
	const project = author.getMap<Y.Map<unknown>>('projects').get('a')!;
	const text = new Y.XmlText('z');
	(project.get('notes') as Y.XmlFragment).insert(0, [text]);
	const inParts = docOf(Y.encodeStateAsUpdate(author));
	text.insert(0, 'x', { bold: true });
	for (let count = 0; count < 2 * PIECES_PER_STEP; count++)
		project.set(count % 2 === 0 ? 'name' : 'nameEn', `${count}`);
	text.insert(1, 'y', { bold: true });
	text.delete(0, 1); // so that for a while nothing stands between the marks
	const update = Y.encodeStateAsUpdate(author, Y.encodeStateVector(inParts));
	atOnce(applyInParts(inParts, decodeUpdate(update)));
	expect(pictureOf(inParts)).toEqual(pictureOf(author));
});
