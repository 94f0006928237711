import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { addProject, initBoard } from '#doc/mutators.ts';
import { readRichText } from '#doc/read-rich-text.ts';
import { findNotes } from '#doc/schema.ts';
import { Replica } from './replica.ts';

const EDITOR = 'the editor’s binding';

/** Two replicas that hear of each other’s updates at once, with a project on the board. */
function makePair(): [Replica, Replica] {
	const silent = { onBoard: () => {}, onUndoChange: () => {} };
	const [mei, bo] = [new Replica(silent), new Replica(silent)];
	const pass = (from: Replica, to: Replica) =>
		from.doc.on('update', (update: Uint8Array, origin: unknown) => {
			if (origin !== 'passed on') Y.applyUpdate(to.doc, update, 'passed on');
		});
	pass(mei, bo);
	pass(bo, mei);
	initBoard(mei.doc, { title: '板', template: 'stages', stages: [{ id: 'study', name: '研', nameEn: '' }] });
	addProject(mei.doc, { projectId: 'a', stageId: 'study', index: 0, fields: { name: '甲', sector: 'rail' } });
	mei.undo.addTrackedOrigin(EDITOR);
	return [mei, bo];
}

const notesOf = (replica: Replica) => findNotes(replica.doc, 'a')!;
const textIn = (replica: Replica) => (notesOf(replica).get(0) as Y.XmlElement).get(0) as Y.XmlText;

function write(replica: Replica, text: string): void {
	replica.doc.transact(() => {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(text)]);
		notesOf(replica).insert(0, [paragraph]);
	}, EDITOR);
}

test('undo of a paragraph leaves the words a colleague put into it', () => {
	const [mei, bo] = makePair();
	write(mei, '昆明');
	textIn(bo).insert(2, '和玉溪');
	mei.undo.undo();
	expect(textIn(bo).toString()).toBe('和玉溪');
	mei.undo.redo();
	expect(textIn(bo).toString()).toBe('昆明和玉溪');
});

test('undo of a paragraph nobody else wrote in takes it out whole', () => {
	const [mei, bo] = makePair();
	write(mei, '昆明');
	mei.undo.undo();
	expect(readRichText(notesOf(bo))).toEqual([]);
	mei.undo.redo();
	expect(textIn(bo).toString()).toBe('昆明');
});
