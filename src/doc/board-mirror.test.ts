import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import type { Board } from '#domain/board.ts';
import { BoardMirror } from './board-mirror.ts';
import {
	addProject,
	addStage,
	initBoard,
	moveProject,
	removeProject,
	setEntry,
	setField,
	setTitle
} from './mutators.ts';
import { readBoard } from './read-board.ts';
import { findNotes, projectsOf, stagesOf } from './schema.ts';

const STAGES = ['study', 'planned', 'construction'];

function makeBoard(): Y.Doc {
	const doc = new Y.Doc();
	const stages = STAGES.map((id) => ({ id, name: id, nameEn: id }));
	initBoard(doc, { title: '板', template: 'stages', stages });
	return doc;
}

const add = (doc: Y.Doc, projectId: string, stageId: string) =>
	projectsOf(doc).has(projectId) ||
	addProject(doc, { projectId, stageId, index: 0, fields: { name: projectId, sector: 'rail' } });

const project = fc.constantFrom('a', 'b', 'c', 'd');
const stage = fc.constantFrom(...STAGES);
const edit = fc.oneof(
	fc.tuple(project, stage).map(
		([id, to]) =>
			(doc: Y.Doc) =>
				void add(doc, id, to)
	),
	fc.tuple(project, stage, fc.nat({ max: 3 })).map(
		([projectId, stageId, index]) =>
			(doc: Y.Doc) =>
				moveProject(doc, { projectId, stageId, index })
	),
	project.map((id) => (doc: Y.Doc) => removeProject(doc, id)),
	fc.tuple(project, fc.nat()).map(
		([projectId, value]) =>
			(doc: Y.Doc) =>
				setField(doc, { projectId, field: 'totalInvestmentYuan', value })
	),
	fc.tuple(project, fc.boolean()).map(
		([projectId, inside]) =>
			(doc: Y.Doc) =>
				setEntry(doc, { projectId, field: 'cities', key: '530400', value: inside || undefined })
	),
	project.map((id) => (doc: Y.Doc) => findNotes(doc, id)?.insert(0, [new Y.XmlText('注')])),
	fc.string({ minLength: 1 }).map((title) => (doc: Y.Doc) => setTitle(doc, `题${title.length}`)),
	stage.map((id) => (doc: Y.Doc) => stagesOf(doc).delete(id)),
	stage.map((id) => (doc: Y.Doc) => addStage(doc, { stage: { id, name: id, nameEn: id }, index: 0 }))
);

test('the mirror equals the whole reading after any edits', () => {
	fc.assert(
		fc.property(fc.array(edit, { maxLength: 40 }), (edits) => {
			const doc = makeBoard();
			const mirror = new BoardMirror(doc, () => {});
			for (const run of edits) {
				try {
					run(doc);
				} catch {
					// an edit into a stage that is gone is refused and changes nothing
				}
				expect(mirror.board).toEqual(readBoard(doc));
			}
		})
	);
});

test('an untouched project stays the same object, and a destroyed mirror hears nothing', () => {
	const doc = makeBoard();
	add(doc, 'a', 'study');
	add(doc, 'b', 'study');
	const heard: Board[] = [];
	const mirror = new BoardMirror(doc, (board) => heard.push(board));
	const before = mirror.board.projects.find(({ id }) => id === 'a');
	setField(doc, { projectId: 'b', field: 'name', value: '新' });
	expect(mirror.board.projects.find(({ id }) => id === 'a')).toBe(before);
	mirror.destroy();
	setField(doc, { projectId: 'b', field: 'name', value: '更新' });
	expect(heard).toHaveLength(1);
});
