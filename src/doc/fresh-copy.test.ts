import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { freshCopy, hasSameContent } from './fresh-copy.ts';
import { addProject, initBoard, moveProject, removeProject, setEntry, setField } from './mutators.ts';
import { readBoard } from './read-board.ts';
import { readRichText } from './read-rich-text.ts';
import { findNotes, projectsOf } from './schema.ts';

function board(): Y.Doc {
	const doc = new Y.Doc();
	const stages = ['study', 'planned'].map((id) => ({ id, name: id, nameEn: '' }));
	initBoard(doc, { title: '板', template: 'stages', stages });
	for (const projectId of ['a', 'b', 'c'])
		addProject(doc, { projectId, stageId: 'study', index: 0, fields: { name: projectId, sector: 'rail' } });
	return doc;
}

function write(doc: Y.Doc, projectId: string): Y.XmlText {
	const text = new Y.XmlText();
	const paragraph = new Y.XmlElement('paragraph');
	const heading = new Y.XmlElement('heading');
	heading.setAttribute('level', 2 as unknown as string);
	paragraph.insert(0, [text, new Y.XmlElement('hardBreak')]);
	findNotes(doc, projectId)!.insert(0, [heading, paragraph]);
	text.insert(0, '昆明到玉溪', { bold: {} });
	text.format(1, 2, { link: { href: 'https://example.cn' }, bold: null });
	return text;
}

const readAgain = (doc: Y.Doc) => {
	const read = new Y.Doc();
	Y.applyUpdate(read, Y.encodeStateAsUpdate(doc));
	return read;
};

test('a fresh copy is the same board, in all that is shown and all that it is made of', () => {
	const doc = board();
	write(doc, 'a');
	setEntry(doc, { projectId: 'b', field: 'cities', key: '530100', value: true });
	removeProject(doc, 'c');
	const fresh = readAgain(freshCopy(doc, 7));
	expect(readBoard(fresh)).toEqual(readBoard(doc));
	expect(readRichText(findNotes(fresh, 'a')!)).toEqual(readRichText(findNotes(doc, 'a')!));
	expect(hasSameContent(doc, fresh)).toBe(true);
	expect([...fresh.store.clients.keys()]).toEqual([7]);
});

test('it has no past: what was changed a thousand times is as small as what was written once', () => {
	const doc = board();
	const once = Y.encodeStateAsUpdate(freshCopy(doc, 7)).byteLength;
	const other = new Y.Doc();
	for (let turn = 0; turn < 1_000; turn++) {
		Y.applyUpdate(other, Y.encodeStateAsUpdate(doc, Y.encodeStateVector(other)));
		const [from, to] = turn % 2 ? [doc, other] : [other, doc];
		setField(from, { projectId: 'a', field: 'name', value: turn === 999 ? 'a' : `第${turn}次` });
		Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
	}
	expect(Y.encodeStateAsUpdate(doc).byteLength).toBeGreaterThan(5 * once);
	expect(Y.encodeStateAsUpdate(freshCopy(doc, 7)).byteLength).toBe(once);
});

test('text that was formatted and formatted back is the same text', () => {
	const doc = board();
	const text = write(doc, 'a');
	text.format(0, 3, { italic: {} });
	text.format(0, 3, { italic: null });
	expect(hasSameContent(doc, readAgain(freshCopy(doc, 7)))).toBe(true);
});

test.each<[string, (doc: Y.Doc) => void]>([
	['a value', (doc) => setField(doc, { projectId: 'a', field: 'name', value: '别的' })],
	['a place', (doc) => moveProject(doc, { projectId: 'a', stageId: 'planned', index: 0 })],
	['an entry', (doc) => setEntry(doc, { projectId: 'a', field: 'cities', key: '530100', value: true })],
	['a project less', (doc) => removeProject(doc, 'a')],
	['a word of the notes', (doc) => void write(doc, 'b')],
	['a mark in the notes', (doc) => markIn(doc)],
	['what no reader shows', (doc) => projectsOf(doc).get('a')!.set('unknown', 1)]
])('%s makes the difference', (_, change) => {
	const doc = board();
	write(doc, 'a');
	const fresh = freshCopy(doc, 7);
	change(fresh);
	expect(hasSameContent(doc, fresh)).toBe(false);
	expect(hasSameContent(fresh, doc)).toBe(false);
});

function markIn(doc: Y.Doc): void {
	((findNotes(doc, 'a')!.get(1) as Y.XmlElement).get(0) as Y.XmlText).format(0, 1, { italic: {} });
}

const ids = fc.constantFrom('a', 'b', 'c', 'd');
const edit = fc.oneof(
	fc.record({ kind: fc.constant('name'), id: ids, text: fc.string({ minLength: 1, maxLength: 8 }) }),
	fc.record({ kind: fc.constant('move'), id: ids, text: fc.constantFrom('study', 'planned') }),
	fc.record({ kind: fc.constant('remove'), id: ids, text: fc.constant('') }),
	fc.record({ kind: fc.constant('notes'), id: ids, text: fc.constant('') }),
	fc.record({ kind: fc.constant('mark'), id: ids, text: fc.constantFrom('bold', 'italic') })
);

test('whatever was done to a board, a fresh copy is the same board', () => {
	fc.assert(
		fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
			const doc = board();
			for (const { kind, id, text } of edits) {
				if (!projectsOf(doc).has(id)) continue;
				if (kind === 'name') projectsOf(doc).get(id)!.set('name', text);
				else if (kind === 'move') moveProject(doc, { projectId: id, stageId: text, index: 0 });
				else if (kind === 'remove') removeProject(doc, id);
				else if (kind === 'notes') write(doc, id);
				else toggle(findNotes(doc, id)!, text);
			}
			const fresh = readAgain(freshCopy(doc, 7));
			expect(hasSameContent(doc, fresh)).toBe(true);
			expect(readBoard(fresh)).toEqual(readBoard(doc));
		})
	);
});

function toggle(notes: Y.XmlFragment, mark: string): void {
	const text = notes.length > 1 ? ((notes.get(1) as Y.XmlElement).get(0) as Y.XmlText) : undefined;
	const isMarked = text?.toDelta()[0]?.attributes?.[mark] !== undefined;
	text?.format(0, 2, { [mark]: isMarked ? null : {} });
}
