import { describe, expect, test } from 'vitest';
import { someProject as project } from '../../tests/support/some-project.ts';
import type { Board, Project } from './board.ts';
import {
	type BoardCopy,
	differenceKey,
	differencesNow,
	differencesOf,
	type EditBase,
	rebase,
	targetOf
} from './board-differences.ts';
import type { BoardAtMoment } from './compare-boards.ts';

const stage = (id: string, name = id) => ({ id, name, nameEn: id, order: 'a0' });
const board = (projects: Project[], content: Partial<Board> = {}): Board => ({
	title: '板',
	template: 'stages',
	stages: [stage('study')],
	projects,
	...content
});
const noted = (of: Board, notes: Record<string, string>): BoardAtMoment => ({
	...of,
	notes: new Map(Object.entries(notes).map(([id, text]) => [id, { text, whole: `[${text}]` }]))
});
const copyOf = (of: BoardAtMoment, known: string[] = []): BoardCopy => ({
	...of,
	knew: (id) => known.includes(id)
});
const keys = (list: readonly Parameters<typeof differenceKey>[0][]) => list.map(differenceKey);
const nothing: EditBase = { stages: {}, projects: {}, notes: {} };

describe('what a copy holds and the board does not', () => {
	test('is nothing where they read alike', () => {
		expect(differencesOf(board([project('a')]), copyOf(board([project('a')])))).toEqual([]);
	});
	test('is told by stage, project and field, with both values', () => {
		const now = board([project('a'), project('b')]);
		const then = board([project('a', { name: '旧', cities: ['530100'], order: 'a5' }), project('c')], {
			title: '旧板',
			stages: [stage('study', '研'), stage('planned')]
		});
		const found = differencesOf(now, copyOf(then, ['b']));
		expect(keys(found)).toEqual([
			'title',
			'stage/study',
			'stage/planned',
			'project/c',
			'project/b',
			'field/a/place/',
			'field/a/name/',
			'field/a/cities/530100'
		]);
		expect(found.at(-2)).toMatchObject({ board: '项目 a', copy: '旧' });
		expect(targetOf(found.at(-1)!)).toEqual({
			kind: 'field',
			projectId: 'a',
			field: 'cities',
			member: '530100'
		});
	});
	test('is not what came to the board later', () => {
		expect(differencesOf(board([project('new')]), copyOf(board([])))).toEqual([]);
	});
	test('is still named by what was listed once its project has gone or come', () => {
		const then = copyOf(board([project('a', { name: '旧' })]), ['a']);
		expect(keys(differencesNow(board([]), then, new Map([['field/a/name/', 0]])))).toEqual(['project/a']);
		const now = board([project('a')]);
		expect(keys(differencesNow(now, then, new Map([['project/a', 0]])))).toEqual(['field/a/name/']);
		expect(differencesNow(now, then, new Map([['field/b/name/', 0]]))).toEqual([]);
	});
});

describe('edits that were on their way', () => {
	const before = project('a', { name: '原' });
	const base = { ...nothing, projects: { a: before } };
	const copy = copyOf(board([project('a', { name: '我的' }), project('b', { name: '旧的 b' })]), ['a', 'b']);
	const others = [project('b', { name: '别人改过的 b' })];

	test('are done again where what they changed is as it was, and what others changed is left alone', () => {
		const { again, clashing } = rebase(board([before, ...others]), copy, base);
		expect([keys(again), keys(clashing)]).toEqual([['field/a/name/'], []]);
	});
	test('clash where somebody changed the same', () => {
		const { again, clashing } = rebase(board([project('a', { name: '他的' }), ...others]), copy, base);
		expect([keys(again), keys(clashing)]).toEqual([[], ['field/a/name/']]);
	});
	test('are forgotten where the board has them already', () => {
		const now = board([project('a', { name: '我的' }), ...others]);
		expect(rebase(now, copy, base)).toEqual({ again: [], clashing: [] });
	});
	test('clash as a whole project where it has gone', () => {
		const { again, clashing } = rebase(board(others), copy, base);
		expect([keys(again), keys(clashing)]).toEqual([[], ['project/a']]);
	});
	test('bring a new project, and take one away that nobody touched', () => {
		const added = copyOf(board([project('new')]), ['new', 'a']);
		const both = { ...nothing, projects: { new: null, a: before } };
		expect(keys(rebase(board([before]), added, both).again)).toEqual(['project/new', 'project/a']);
		const touched = rebase(board([project('a', { name: '他的' })]), added, both);
		expect([keys(touched.again), keys(touched.clashing)]).toEqual([['project/new'], ['project/a']]);
	});
	test('in notes are done again only on the very same notes', () => {
		const one = project('a', { hasNotes: true });
		const mine = copyOf(noted(board([one]), { a: '原文，我写的' }), ['a']);
		const based = { ...nothing, notes: { a: '[原文]' } };
		const same = rebase(noted(board([one]), { a: '原文' }), mine, based);
		expect([keys(same.again), keys(same.clashing)]).toEqual([['field/a/notes/'], []]);
		const other = rebase(noted(board([one]), { a: '原文，他写的' }), mine, based);
		expect([keys(other.again), keys(other.clashing)]).toEqual([[], ['field/a/notes/']]);
	});
});
