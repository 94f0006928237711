import { describe, expect, test } from 'vitest';
import { someProject } from '../../tests/support/some-project.ts';
import type { Board, Project } from './board.ts';
import { compareBoards, isSameBoard } from './compare-boards.ts';

const project = (id: string, content: Partial<Project> = {}): Project =>
	someProject(id, { cities: ['530100'], ...content });
const stage = (id: string, order: string) => ({ id, name: id, nameEn: id, order });
const board = (projects: Project[], content: Partial<Board> = {}): Board => ({
	title: '板',
	template: 'stages',
	stages: [stage('study', 'a0'), stage('construction', 'a1')],
	projects,
	...content
});

test('a board is the same as itself, and as one that reads alike', () => {
	const [one, other] = [board([project('a')]), board([project('a')])];
	expect(isSameBoard(compareBoards(one, one))).toBe(true);
	expect(isSameBoard(compareBoards(one, other))).toBe(true);
});

const OTHER: Partial<Project> = {
	name: '别的',
	nameEn: 'other',
	originalName: '原名',
	stage: 'construction',
	order: 'a5',
	sector: 'air',
	subtype: 'x',
	kind: 'programme',
	leadCity: '530100',
	cities: [],
	counties: ['530102'],
	totalInvestmentYuan: 1,
	investmentSource: 'x',
	investmentAsOf: '2026',
	caveat: { zh: '一', en: 'one' },
	evidence: [{ id: 'e' } as Project['evidence'][number]],
	figures: [{ id: 'f', value: 1, unit: 'km', document: null }],
	dependencies: [{ project: 'b', type: 'needs', basis: 'stated' }]
};
/** The words of notes are compared, not whether there are any. */
const COMPARED = Object.keys(project('a')).filter((key) => key !== 'id' && key !== 'hasNotes');

test.each(COMPARED)('a project that differs in nothing but its %s differs', (key) => {
	const other = project('a', { [key]: OTHER[key as keyof Project] });
	expect(isSameBoard(compareBoards(board([project('a')]), board([other])))).toBe(false);
});

test('projects that came, went, moved, changed', () => {
	const before = board([project('gone', { totalInvestmentYuan: 5 }), project('moves'), project('both')]);
	const after = board([
		project('new'),
		project('moves', { stage: 'construction' }),
		project('both', { stage: 'construction', totalInvestmentYuan: 7 })
	]);
	const found = compareBoards(before, after);
	expect(found.added).toMatchObject([{ id: 'new', stage: 'study' }]);
	expect(found.removed).toMatchObject([{ id: 'gone', totalInvestmentYuan: 5 }]);
	expect(found.moved).toMatchObject([
		{ id: 'moves', before: 'study', after: 'construction' },
		{ id: 'both', before: 'study', after: 'construction' }
	]);
	expect(found.changed).toMatchObject([
		{ id: 'both', fields: [{ field: 'totalInvestmentYuan', member: null, before: null, after: 7 }] }
	]);
});

test('another place in the same stage is no move', () => {
	const found = compareBoards(board([project('a')]), board([project('a', { order: 'a1' })]));
	expect(found).toMatchObject({ moved: [], changed: [], reordered: [{ id: 'a', stage: 'study' }] });
	expect(isSameBoard(found)).toBe(false);
});

test('sets and lists are told entry by entry, without the key that names it', () => {
	const figure = { value: 12, unit: 'km', document: null };
	const before = project('a', { cities: ['530100', '530300'], figures: [{ id: 'f', ...figure }] });
	const after = project('a', {
		cities: ['530100', '530400'],
		figures: [{ id: 'f', ...figure, value: 13 }],
		dependencies: [{ project: 'b', type: 'needs', basis: 'stated' }]
	});
	expect(compareBoards(board([before]), board([after])).changed[0]?.fields).toEqual([
		{ field: 'cities', member: '530300', before: true, after: null },
		{ field: 'cities', member: '530400', before: null, after: true },
		{ field: 'figures', member: 'f', before: figure, after: { ...figure, value: 13 } },
		{ field: 'dependencies', member: 'b', before: null, after: { type: 'needs', basis: 'stated' } }
	]);
});

test('notes are compared where their words are known', () => {
	const notes = (text: string, whole = text) => ({
		...board([project('a')]),
		notes: new Map([['a', { text, whole }]])
	});
	expect(compareBoards(notes('一'), notes('二')).changed[0]?.fields).toEqual([
		{ field: 'notes', member: null, before: '一', after: '二' }
	]);
	expect(isSameBoard(compareBoards(notes('一'), notes('一')))).toBe(true);
	expect(isSameBoard(compareBoards(notes('一'), notes('一', '<bold>一</bold>')))).toBe(false);
	expect(compareBoards(board([project('a')]), notes('一')).changed[0]?.fields).toMatchObject([
		{ before: null, after: '一' }
	]);
});

describe('the layout', () => {
	test('title and stages', () => {
		const after = board([], {
			title: '新板',
			stages: [stage('new', 'Zz'), { ...stage('study', 'a2'), name: '研究' }]
		});
		const found = compareBoards(board([]), after);
		expect(found.title).toEqual({ before: '板', after: '新板' });
		expect(found.stages.map(({ id, kind }) => [id, kind])).toEqual([
			['new', 'added'],
			['study', 'renamed'],
			['study', 'reordered'],
			['construction', 'removed']
		]);
	});
});

test('numbers and sums of the board, its stages and its cities', () => {
	const before = board([
		project('a', { totalInvestmentYuan: 5, cities: ['530100', '530400'] }),
		project('b')
	]);
	const after = board([
		project('a', { totalInvestmentYuan: 8, cities: ['530100'], stage: 'construction' }),
		project('c', { cities: [] })
	]);
	const { counts } = compareBoards(before, after);
	const none = { projects: 0, yuan: 0, known: 0 };
	expect(counts.before).toEqual({ projects: 2, yuan: 5, known: 1 });
	expect(counts.after).toEqual({ projects: 2, yuan: 8, known: 1 });
	expect(counts.byStage).toEqual([
		{ id: 'study', before: counts.before, after: { projects: 1, yuan: 0, known: 0 } },
		{ id: 'construction', before: none, after: { projects: 1, yuan: 8, known: 1 } }
	]);
	expect(counts.byCity).toEqual([
		{ id: '530100', before: { projects: 2, yuan: 5, known: 1 }, after: { projects: 1, yuan: 8, known: 1 } },
		{ id: '530400', before: { projects: 1, yuan: 5, known: 1 }, after: none },
		{ id: null, before: none, after: { projects: 1, yuan: 0, known: 0 } }
	]);
});
