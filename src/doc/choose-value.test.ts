import { beforeEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { docOf, startingBoard } from '../../tests/support/board-fuzz/starting-board.ts';
import { chooseValue } from './choose-value.ts';
import { removeProject, setEntry } from './mutators.ts';
import { readBoard } from './read-board.ts';

let doc: Y.Doc;
beforeEach(() => (doc = docOf(startingBoard())));

const none = { projectId: null, stageId: null, field: null, member: null };
const project = () => readBoard(doc).projects.find(({ id }) => id === 'a')!;
const choose = (field: string, value: unknown, member: string | null = null) =>
	chooseValue(doc, { place: { ...none, projectId: 'a', field, member }, value: value as null });

test('a value, an amount, and none', () => {
	expect(choose('name', '甲')).toBe(true);
	choose('totalInvestmentYuan', 7);
	expect(project()).toMatchObject({ name: '甲', totalInvestmentYuan: 7 });
	choose('totalInvestmentYuan', null);
	choose('nameEn', null);
	expect(project()).toMatchObject({ totalInvestmentYuan: null, nameEn: '' });
});

test('the place of a project, in a stage that is there', () => {
	choose('place', { stage: 'planned', order: 'a1' });
	expect(project()).toMatchObject({ stage: 'planned', order: 'a1' });
	expect(() => choose('place', { stage: 'gone', order: 'a1' })).toThrow('there is no stage gone');
	expect(project().stage).toBe('planned');
});

test('an entry of a set, there or not', () => {
	setEntry(doc, { projectId: 'a', field: 'cities', key: '530400', value: true });
	choose('cities', null, '530400');
	expect(project().cities).not.toContain('530400');
	choose('cities', true, '530400');
	expect(project().cities).toContain('530400');
});

test('the name of a stage and of the board', () => {
	chooseValue(doc, { place: { ...none, stageId: 'study', field: 'name' }, value: '研究' });
	chooseValue(doc, { place: { ...none, field: 'title' }, value: '新板' });
	expect(readBoard(doc).title).toBe('新板');
	expect(readBoard(doc).stages.find(({ id }) => id === 'study')?.name).toBe('研究');
});

test('what is there already writes nothing', () => {
	choose('name', '甲');
	let updates = 0;
	doc.on('update', () => (updates += 1));
	choose('name', '甲');
	expect(updates).toBe(0);
});

test('what breaks the rules, and a place that is gone', () => {
	expect(() => choose('name', '')).toThrow('name');
	expect(() => choose('sector', 'none')).toThrow('sector');
	expect(() => choose('cities', null)).toThrow('no plain value');
	removeProject(doc, 'a');
	expect(choose('name', '甲')).toBe(false);
});
