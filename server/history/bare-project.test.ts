import { expect, test } from 'vitest';
import type { Project } from '#domain/board.ts';
import { barely, wholly } from './bare-project.ts';

const FULL: Project = {
	id: 'p1',
	name: '昆玉铁路扩能',
	nameEn: 'Kunming–Yuxi railway',
	originalName: '昆玉铁路扩容',
	stage: 'planned',
	order: 'a0',
	sector: 'rail',
	subtype: 'freight',
	kind: 'project',
	leadCity: '530100',
	cities: ['530100', '530400'],
	counties: ['530102'],
	totalInvestmentYuan: 0,
	investmentSource: 'doc-1',
	investmentAsOf: '2014-05',
	caveat: { zh: '约', en: 'about' },
	evidence: [],
	figures: [],
	dependencies: [{ project: 'p2' } as Project['dependencies'][number]],
	hasNotes: true
};
const EMPTY: Project = {
	...wholly({ id: 'p2' }),
	name: '',
	totalInvestmentYuan: null
};

test.each([
	['with all it can say', FULL],
	['with nothing but its id', EMPTY]
])('a project %s comes back as it was, its fields in their order', (_, project) => {
	const back = wholly(JSON.parse(JSON.stringify(barely(project))) as object);
	expect(back).toEqual(project);
	expect(Object.keys(back)).toEqual(Object.keys(FULL));
});

test('what says nothing is left out; a known sum of nothing is not', () => {
	expect(barely(EMPTY)).toEqual({ id: 'p2' });
	expect(barely(FULL)).toHaveProperty('totalInvestmentYuan', 0);
	expect(barely(FULL)).not.toHaveProperty('evidence');
});
