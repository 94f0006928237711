import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { differenceKey, differencesOf, targetOf } from '#domain/board-differences.ts';
import { readCopy, readWithNotes } from './board-copy.ts';
import {
	addProject,
	initBoard,
	moveProject,
	removeProject,
	setEntry,
	setField,
	setTitle
} from './mutators.ts';
import { readBoard } from './read-board.ts';
import { restore } from './restore.ts';
import { richTextBefore } from './rich-text-before.ts';
import { type RichText, richTextValues } from './rich-text-values.ts';
import { findNotes, projectsOf } from './schema.ts';

const IDS = ['a', 'b', 'c'];
const stages = ['study', 'planned'].map((id) => ({ id, name: id, nameEn: '' }));

function start(): Y.Doc {
	const doc = new Y.Doc();
	initBoard(doc, { title: '板', template: 'stages', stages });
	for (const id of IDS) add(doc, id);
	return doc;
}
function add(doc: Y.Doc, projectId: string): void {
	const fields = { name: projectId, sector: 'rail' };
	if (!projectsOf(doc).has(projectId)) addProject(doc, { projectId, stageId: 'study', index: 0, fields });
}
function write(doc: Y.Doc, id: string, text: string): void {
	const notes = findNotes(doc, id);
	if (!notes) return;
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(text)]);
	notes.insert(0, [paragraph]);
}

type Edit = { kind: string; id: string; text: string };
const edit = fc.record({
	kind: fc.constantFrom('name', 'move', 'remove', 'add', 'notes', 'city', 'title'),
	id: fc.constantFrom(...IDS, 'd', 'e'),
	text: fc.constantFrom('一', '二', '三')
});
function play(doc: Y.Doc, edits: readonly Edit[]): void {
	for (const { kind, id, text } of edits) {
		if (kind === 'name') setField(doc, { projectId: id, field: 'name', value: text });
		else if (kind === 'move')
			moveProject(doc, { projectId: id, stageId: text === '一' ? 'study' : 'planned', index: 0 });
		else if (kind === 'remove') removeProject(doc, id);
		else if (kind === 'add') add(doc, id);
		else if (kind === 'notes') write(doc, id, text);
		else if (kind === 'city') setEntry(doc, { projectId: id, field: 'cities', key: '530100', value: true });
		else setTitle(doc, text);
	}
}

test('all differences brought in make the board what the copy is in all that they name, and nothing else', () => {
	fc.assert(
		fc.property(fc.array(edit, { maxLength: 15 }), fc.array(edit, { maxLength: 15 }), (theirs, ours) => {
			const [board, copy] = [start(), new Y.Doc()];
			Y.applyUpdate(copy, Y.encodeStateAsUpdate(board));
			play(board, theirs);
			play(copy, ours);
			const before = readBoard(board);
			const kept = readCopy(copy);
			const differences = differencesOf(readWithNotes(board), kept);
			for (const difference of differences) restore(board, copy, targetOf(difference));
			expect(differencesOf(readWithNotes(board), kept).map(differenceKey)).toEqual([]);
			const untouched = before.projects.filter(({ id }) => !kept.knew(id));
			expect(readBoard(board).projects).toEqual(expect.arrayContaining(untouched));
			const ids = [...kept.projects, ...untouched].map(({ id }) => id).sort();
			expect(
				readBoard(board)
					.projects.map(({ id }) => id)
					.sort()
			).toEqual(ids);
		})
	);
});

const step = fc.record({
	kind: fc.constantFrom('insert', 'delete', 'bold', 'plain', 'paragraph', 'drop', 'heading'),
	at: fc.nat(12),
	length: fc.integer({ min: 1, max: 5 })
});
test('the notes before a transaction are what they were read as before it, however they were changed in it', () => {
	fc.assert(
		fc.property(fc.array(fc.array(step, { maxLength: 6 }), { maxLength: 8 }), (transactions) => {
			const doc = start();
			const notes = findNotes(doc, 'a')!;
			let told: RichText | undefined;
			doc.on('beforeObserverCalls', (transaction) => (told = richTextBefore(notes, transaction)));
			for (const steps of transactions) {
				const before = richTextValues(notes);
				told = undefined;
				doc.transact(() => steps.forEach((one) => change(notes, one)));
				if (told) expect(told).toEqual(before);
			}
		})
	);
});

function change(
	notes: Y.XmlFragment,
	{ kind, at, length }: { kind: string; at: number; length: number }
): void {
	if (kind === 'paragraph' || notes.length === 0) {
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText('昆明到玉溪')]);
		return notes.insert(Math.min(at, notes.length), [paragraph]);
	}
	const block = notes.get(at % notes.length) as Y.XmlElement;
	if (kind === 'drop') return notes.delete(at % notes.length, 1);
	if (kind === 'heading') return block.setAttribute('level', String(length));
	const text = block.get(0) as Y.XmlText;
	const from = Math.min(at, text.length);
	const span = Math.min(length, text.length - from);
	if (kind === 'insert') text.insert(from, '字'.repeat(length));
	else if (span > 0 && kind === 'delete') text.delete(from, span);
	else if (span > 0) text.format(from, span, { bold: kind === 'bold' ? {} : null });
}
