import { describe, expect, test } from 'vitest';
import { someProject } from '../../tests/support/some-project.ts';
import type { Board, Project } from './board.ts';
import type { Evidence } from './evidence.ts';
import { boardAsSaid, documentDatesOf, UNMENTIONED } from './said-board.ts';

const said = (date: string, stage: Evidence['stage'], over: Partial<Evidence> = {}): Evidence => ({
	id: `${date}-${stage}`,
	document: `d-${date}`,
	section: '',
	date,
	stageWord: '推进',
	stage,
	modality: 'fact',
	scope: 'exact',
	confidence: 'high',
	...over
});
const project = (id: string, evidence: Evidence[], over: Partial<Project> = {}): Project =>
	someProject(id, { name: id, order: id, stage: 'operation', evidence, hasNotes: true, ...over });
const stage = (id: string) => ({ id, name: id, nameEn: '', order: id });
const boardOf = (...projects: Project[]): Board => ({
	title: '板',
	template: 'stages',
	stages: ['study', 'construction', 'operation'].map(stage),
	projects
});
const at = (board: Board, date: string) =>
	boardAsSaid(board, date, (id) => (id.startsWith('d-') ? id.slice(2) : undefined));
const RAILWAY = project('a', [said('2011-03-21', 'study'), said('2020', 'construction')]);

describe('a board as documents had it', () => {
	test.each([
		['2011-03-20', UNMENTIONED.id],
		['2011-03-21', 'study'],
		['2019-12-31', 'study'],
		['2020', 'construction'],
		['2026-05-19', 'construction']
	])('on %s its project stands in %s', (date, expected) => {
		expect(at(boardOf(RAILWAY), date).projects[0]!.stage).toBe(expected);
	});

	test('holds no word of later documents', () => {
		const [then] = at(boardOf(RAILWAY), '2014-05').projects;
		expect(then!.evidence.map(({ date }) => date)).toEqual(['2011-03-21']);
		expect(then).toMatchObject({ hasNotes: false, caveat: null, dependencies: [] });
	});

	test('knows amounts and figures from when they were stated', () => {
		const known = project('b', [said('2014-05', 'study')], {
			totalInvestmentYuan: 5,
			investmentSource: 'd-2020',
			investmentAsOf: '2020',
			figures: [
				{ id: 'f1', value: 1, unit: 'km', document: 'd-2014-05' },
				{ id: 'f2', value: 2, unit: 'km', document: 'd-2022' },
				{ id: 'f3', value: 3, unit: 'km', document: null }
			]
		});
		const [before] = at(boardOf(known), '2014-05').projects;
		expect(before).toMatchObject({ totalInvestmentYuan: null, investmentSource: null, investmentAsOf: null });
		expect(before!.figures.map(({ id }) => id)).toEqual(['f1']);
		const [after] = at(boardOf(known), '2020-01-01').projects;
		expect(after).toMatchObject({ totalInvestmentYuan: 5, investmentAsOf: '2020' });
	});

	test('has its projects in the order of its stages, those not spoken of last', () => {
		const board = boardOf(project('z', []), RAILWAY, project('c', [said('2014', 'operating')]));
		const then = at(board, '2014');
		expect(then.projects.map(({ id, stage: where }) => [id, where])).toEqual([
			['a', 'study'],
			['c', 'operation'],
			['z', UNMENTIONED.id]
		]);
		expect(then.stages.map(({ id }) => id)).toEqual(['study', 'construction', 'operation', UNMENTIONED.id]);
	});

	test('gets a column back that was taken off it, if documents speak of that stage', () => {
		const then = at(boardOf(project('p', [said('2014', 'preparation')])), '2014');
		expect(then.stages.map(({ id }) => id)).toContain('preparation');
	});

	test('leaves the board of now as it is', () => {
		const board = boardOf(RAILWAY);
		const before = JSON.stringify(board);
		at(board, '2011');
		expect(JSON.stringify(board)).toBe(before);
	});
});

test('the dates of documents, each with its statements', () => {
	const board = boardOf(RAILWAY, project('b', [said('2020', 'study'), said('2014-05', 'study')]));
	expect(documentDatesOf(board)).toEqual([
		{ date: '2011-03-21', statements: 1 },
		{ date: '2014-05', statements: 1 },
		{ date: '2020', statements: 2 }
	]);
});
