import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setCities, setLeadCity } from './city-mutators.ts';
import { addProject, initBoard } from './mutators.ts';
import { readBoard } from './read-board.ts';

let doc: Y.Doc;
const project = () => readBoard(doc).projects[0]!;
const cities = (before: string[], after: string[]) =>
	setCities(doc, { projectId: 'a', before, cities: after });

beforeEach(() => {
	doc = new Y.Doc();
	initBoard(doc, {
		title: '滇中',
		template: 'stages',
		stages: [{ id: 'study', name: '规划研究', nameEn: 'Planning study' }]
	});
	const fields = {
		name: '昆玉铁路',
		sector: 'rail',
		leadCity: '530100',
		cities: { '530100': true, '530400': true }
	};
	addProject(doc, { projectId: 'a', stageId: 'study', index: 0, fields });
});

test('only what the person changed is written: a colleague’s prefecture stays', () => {
	cities(['530100'], ['530100', '532300']);
	expect(project().cities).toEqual(['530100', '530400', '532300']);
});

test('a lead that is taken out leads no more', () => {
	cities(['530100', '530400'], ['530400']);
	expect(project()).toMatchObject({ cities: ['530400'], leadCity: null });
});

test('a prefecture that leads lies in the project too', () => {
	setLeadCity(doc, { projectId: 'a', city: '532500' });
	expect(project()).toMatchObject({ cities: ['530100', '530400', '532500'], leadCity: '532500' });
	setLeadCity(doc, { projectId: 'a', city: null });
	expect(project().leadCity).toBeNull();
});

test('each choice is one update, and none where nothing changes', () => {
	let updates = 0;
	doc.on('update', () => updates++);
	cities(['530100', '530400'], ['530400', '532300', '532500']);
	setLeadCity(doc, { projectId: 'a', city: '532300' });
	setLeadCity(doc, { projectId: 'a', city: '532300' });
	cities(['530400', '532300', '532500'], ['530400', '532300', '532500']);
	expect(updates).toBe(2);
});
