import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { addProject, initBoard, moveProject } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { indexAt, isSamePlace, placeBeside } from './drop-place.ts';

function boardOf(columns: Record<string, string[]>) {
	const doc = new Y.Doc();
	const stages = Object.keys(columns).map((id) => ({ id, name: id, nameEn: id }));
	initBoard(doc, { title: 'T', template: 'stages', stages });
	for (const [stageId, ids] of Object.entries(columns))
		ids.forEach((projectId, index) =>
			addProject(doc, { projectId, stageId, index, fields: { name: projectId, sector: 'rail' } })
		);
	return doc;
}
const columnsOf = (doc: Y.Doc) => {
	const board = readBoard(doc);
	return Object.fromEntries(
		board.stages.map((stage) => [
			stage.id,
			board.projects.filter((project) => project.stage === stage.id).map(({ id }) => id)
		])
	);
};
const everything = () => true;

describe('a card let go', () => {
	it('stands on the side of its neighbour it was let go at', () => {
		const doc = boardOf({ a: ['1', '2', '3'], b: ['4'] });
		const place = { stageId: 'a', beside: { projectId: '2', edge: 'top' } } as const;
		moveProject(doc, { projectId: '4', stageId: 'a', index: indexAt(readBoard(doc), '4', place) });
		expect(columnsOf(doc)).toEqual({ a: ['1', '4', '2', '3'], b: [] });
	});

	it('goes to the end when its neighbour has left meanwhile', () => {
		const board = readBoard(boardOf({ a: ['1', '2'], b: ['3'] }));
		expect(indexAt(board, '3', { stageId: 'a', beside: { projectId: 'gone', edge: 'top' } })).toBe(2);
	});

	it('is no move when it would stand where it stands', () => {
		const board = readBoard(boardOf({ a: ['1', '2', '3'] }));
		expect(isSamePlace(board, '2', { stageId: 'a', beside: { projectId: '1', edge: 'bottom' } })).toBe(true);
		expect(isSamePlace(board, '2', { stageId: 'a', beside: { projectId: '3', edge: 'top' } })).toBe(true);
		expect(isSamePlace(board, '2', { stageId: 'a', beside: { projectId: '3', edge: 'bottom' } })).toBe(false);
	});
});

describe('Alt and an arrow', () => {
	const doc = boardOf({ a: ['1', '2', '3'], b: ['4'], c: [] });
	const press = (projectId: string, key: string, isVisible = everything as (id: string) => boolean) =>
		placeBeside(readBoard(doc), projectId, { key, isVisible });

	it('moves by one among the cards that are shown', () => {
		expect(press('2', 'ArrowUp')).toEqual({ stageId: 'a', beside: { projectId: '1', edge: 'top' } });
		expect(press('1', 'ArrowDown', (id) => id !== '2')).toEqual({
			stageId: 'a',
			beside: { projectId: '3', edge: 'bottom' }
		});
	});

	it('moves to the top of the column beside', () => {
		expect(press('1', 'ArrowRight')).toEqual({ stageId: 'b', beside: { projectId: '4', edge: 'top' } });
		expect(press('4', 'ArrowRight')).toEqual({ stageId: 'c', beside: undefined });
	});

	it('goes nowhere beyond the edge', () => {
		expect(press('1', 'ArrowLeft')).toBeUndefined();
		expect(press('1', 'ArrowUp')).toBeUndefined();
		expect(press('3', 'ArrowDown')).toBeUndefined();
	});
});
