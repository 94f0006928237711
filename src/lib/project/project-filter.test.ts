import { describe, expect, it } from 'vitest';
import { pinyinInitials } from './pinyin-initials.ts';
import { loadPortfolio } from '#seeds/portfolio.ts';
import * as Y from 'yjs';
import { addProject, initBoard } from '#doc/mutators.ts';
import { newProjectOf } from '#doc/library-record.ts';
import { readBoard } from '#doc/read-board.ts';
import { isFiltering, matcherOf, NO_FILTER } from './project-filter.ts';

const doc = new Y.Doc();
initBoard(doc, {
	title: '板',
	template: 'stages',
	stages: [{ id: 'construction', name: '在建', nameEn: 'Construction' }]
});
for (const record of loadPortfolio().projects.filter((project) => project.boardOrder !== undefined))
	addProject(doc, {
		projectId: record.id,
		stageId: 'construction',
		index: 1_000,
		fields: newProjectOf(record)
	});
const { projects } = readBoard(doc);
const idsOf = (filter: Partial<typeof NO_FILTER>) =>
	projects.filter(matcherOf({ ...NO_FILTER, ...filter }, pinyinInitials)).map(({ id }) => id);

describe('the filter of projects', () => {
	it('shows every project when nothing is asked for', () => {
		expect(isFiltering(NO_FILTER)).toBe(false);
		expect(idsOf({})).toHaveLength(projects.length);
	});

	it('finds by Chinese name, English name and pinyin initials', () => {
		for (const text of ['昆玉铁路', 'kunming–yuxi railway', 'Kunming Yuxi', 'kytl'])
			expect(idsOf({ text }), text).toContain('kunyu-tielu-kuoneng');
	});

	it('finds by initials that are known beforehand', () => {
		const matches = matcherOf({ ...NO_FILTER, text: 'KY' });
		const record = { ...projects[0]!, name: '昆玉', nameEn: '' };
		expect(matches({ ...record, initials: 'ky' })).toBe(true);
		expect(matches(record)).toBe(false);
	});

	it('reads 长 and 重 as they are read in a name', () => {
		expect(pinyinInitials('长水机场')).toBe('csjc');
		expect(pinyinInitials('重庆通道')).toBe('cqtd');
	});

	it('keeps to the chosen cities and sectors, both at once', () => {
		const both = idsOf({ cities: ['530400'], sectors: ['rail'] });
		expect(both).toContain('kunyu-tielu-kuoneng');
		for (const id of both) {
			const project = projects.find((one) => one.id === id)!;
			expect(project.cities).toContain('530400');
			expect(project.sector).toBe('rail');
		}
	});
});
