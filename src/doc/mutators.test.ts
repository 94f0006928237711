import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { projectsIn } from '#domain/board.ts';
import {
	addProject,
	addStage,
	initBoard,
	moveProject,
	removeProject,
	renameStage,
	setEntry,
	setField,
	setTitle
} from './mutators.ts';
import { readBoard } from './read-board.ts';
import { findNotes, projectsOf } from './schema.ts';

let doc: Y.Doc;
const shown = (stageId: string) => projectsIn(readBoard(doc), stageId).map((project) => project.id);
const project = (id: string) => readBoard(doc).projects.find((candidate) => candidate.id === id);
const add = (projectId: string, stageId = 'study', index = 99) =>
	addProject(doc, { projectId, stageId, index, fields: { name: `项目 ${projectId}`, sector: 'rail' } });

beforeEach(() => {
	doc = new Y.Doc();
	initBoard(doc, {
		title: '滇中',
		template: 'stages',
		stages: [
			{ id: 'study', name: '规划研究', nameEn: 'Planning study' },
			{ id: 'construction', name: '在建', nameEn: 'Under construction' }
		]
	});
	for (const id of ['a', 'b', 'c']) add(id);
});

describe('stages', () => {
	test('stand in the order they were laid out in, a new one where it was put', () => {
		addStage(doc, { stage: { id: 'planned', name: '待开工', nameEn: '' }, index: 1 });
		expect(readBoard(doc).stages.map((stage) => stage.id)).toEqual(['study', 'planned', 'construction']);
	});
	test('are renamed in both languages', () => {
		renameStage(doc, { stageId: 'study', name: '谋划', nameEn: 'Conception' });
		expect(readBoard(doc).stages[0]).toMatchObject({ name: '谋划', nameEn: 'Conception' });
	});
});

describe('adding', () => {
	test('puts a project at the index it was given', () => {
		add('top', 'study', 0);
		expect(shown('study')).toEqual(['top', 'a', 'b', 'c']);
	});
	test('refuses an id that is taken, an unknown stage and a name over 200 characters, and changes nothing', () => {
		const before = Y.encodeStateAsUpdate(doc);
		expect(() => add('a')).toThrow('is on the board already');
		expect(() => add('d', 'nowhere')).toThrow('there is no stage nowhere');
		expect(() =>
			addProject(doc, {
				projectId: 'd',
				stageId: 'study',
				index: 0,
				fields: { name: '长'.repeat(201), sector: 'rail' }
			})
		).toThrow('longer than 200');
		expect(Y.encodeStateAsUpdate(doc)).toEqual(before);
	});
	test('gives notes to write in', () => {
		expect(findNotes(doc, 'a')).toBeInstanceOf(Y.XmlFragment);
	});
});

describe('moving', () => {
	test('to another stage and within one counts the index without the project itself', () => {
		moveProject(doc, { projectId: 'a', stageId: 'construction', index: 0 });
		moveProject(doc, { projectId: 'b', stageId: 'study', index: 1 });
		expect(shown('construction')).toEqual(['a']);
		expect(shown('study')).toEqual(['c', 'b']);
	});
	test('sets one register, so that a move is whole', () => {
		let keys: unknown[] = [];
		projectsOf(doc).observeDeep(
			(events) => (keys = events.flatMap((event) => [...event.changes.keys.keys()]))
		);
		moveProject(doc, { projectId: 'a', stageId: 'construction', index: 0 });
		expect(keys).toEqual(['place']);
	});
	test('a project somebody removed meanwhile is no error', () => {
		removeProject(doc, 'a');
		moveProject(doc, { projectId: 'a', stageId: 'construction', index: 0 });
		expect(project('a')).toBeUndefined();
	});
	test('still works among order keys that another client broke', () => {
		projectsOf(doc).get('a')?.set('place', { stage: 'study', order: '!!' });
		moveProject(doc, { projectId: 'c', stageId: 'study', index: 0 });
		expect(shown('study')).toContain('c');
	});
});

describe('fields', () => {
	test('setting what already is writes nothing', () => {
		const before = Y.encodeStateVector(doc);
		setField(doc, { projectId: 'a', field: 'name', value: '项目 a' });
		setTitle(doc, '滇中');
		expect(Y.encodeStateVector(doc)).toEqual(before);
	});
	test.each([
		['totalInvestmentYuan', 1.5],
		['totalInvestmentYuan', -1],
		['sector', 'spaceport'],
		['leadCity', '53'],
		['investmentAsOf', '2026-02-30'],
		['name', '\u202ename'],
		['name', '\ud800']
	] as const)('%s = %s is refused', (field, value) => {
		expect(() => setField(doc, { projectId: 'a', field, value })).toThrow();
	});
	test('entries of a set are added and taken out one by one', () => {
		setEntry(doc, { projectId: 'a', field: 'cities', key: '530400', value: true });
		setEntry(doc, { projectId: 'a', field: 'cities', key: '530100', value: true });
		expect(project('a')?.cities).toEqual(['530100', '530400']);
		setEntry(doc, { projectId: 'a', field: 'cities', key: '530400', value: undefined });
		expect(project('a')?.cities).toEqual(['530100']);
		expect(() => setEntry(doc, { projectId: 'a', field: 'cities', key: '__proto__', value: true })).toThrow();
	});
});

describe('reading', () => {
	test('a broken value reads as if it were not there', () => {
		projectsOf(doc).get('a')?.set('totalInvestmentYuan', 'much');
		projectsOf(doc).get('a')?.set('place', 7);
		expect(project('a')).toMatchObject({ totalInvestmentYuan: null, stage: 'study' });
	});
	test('a project in a stage that is gone stands in the first', () => {
		projectsOf(doc).get('a')?.set('place', { stage: 'gone', order: 'a0' });
		expect(project('a')?.stage).toBe('study');
	});
	test('what is no map at all is passed over', () => {
		doc.getMap('projects').set('x', 'text');
		expect(readBoard(doc).projects.map((candidate) => candidate.id)).toEqual(['a', 'b', 'c']);
	});
});
