import { describe, expect, test } from 'vitest';
import { CHANGE_KINDS, type RecordedChange } from '#domain/change.ts';
import {
	groupsOf,
	type HistoryFilter,
	isFiltering,
	isMeant,
	KIND_GROUPS,
	queryOf,
	readFilter
} from './history-filter.ts';

const NONE = readFilter(new URLSearchParams());
const change: RecordedChange = {
	seq: 1,
	index: 0,
	at: '2026-05-19T08:00:00.000Z',
	documentDate: null,
	actorId: 'mei',
	kind: 'field-set',
	projectId: 'p1',
	projectName: 'p1',
	stageId: null,
	field: 'sector',
	member: null,
	before: 'rail',
	after: 'road'
};
const said: RecordedChange = { ...change, kind: 'evidence-added', documentDate: '2024', field: 'evidence' };
const orgOf = (person: string) => (person === 'mei' ? 'org-km' : null);
const isIn = (row: RecordedChange, filter: Partial<HistoryFilter>) =>
	isMeant(row, { ...NONE, ...filter }, orgOf);

test('a filter is read from an address as it was written', () => {
	const filter: HistoryFilter = {
		projects: ['a', 'b'],
		people: ['system'],
		orgs: ['org-km'],
		kinds: ['field-set', 'project-moved'],
		field: 'sector',
		since: '2026-05',
		until: '2026-05-19T16:00:00+08:00',
		order: 'dated'
	};
	expect(readFilter(new URLSearchParams(queryOf(filter)))).toEqual(filter);
	expect(queryOf(filter)).toContain('project=a,b&');
});

test('nothing asked for makes an empty address; the clock alone holds nothing back', () => {
	expect(queryOf(NONE)).toBe('');
	expect(isFiltering({ ...NONE, order: 'dated' })).toBe(false);
	expect(isFiltering({ ...NONE, orgs: ['org-km'] })).toBe(true);
});

test('every kind of change is in one group', () => {
	expect(Object.values(KIND_GROUPS).flat().sort()).toEqual([...CHANGE_KINDS].sort());
	expect(groupsOf(['stage-added', 'notes-edited'])).toEqual(['notes']);
});

describe('a change that comes', () => {
	test.each<[string, Partial<HistoryFilter>, boolean]>([
		['without a filter', {}, true],
		['of the project', { projects: ['p0', 'p1'] }, true],
		['of another project', { projects: ['p0'] }, false],
		['by the person', { people: ['mei'] }, true],
		['by somebody else', { people: ['bo'] }, false],
		['by the organisation', { orgs: ['org-km'] }, true],
		['by another organisation', { orgs: ['org-yx'] }, false],
		['of the kind', { kinds: ['field-set'] }, true],
		['of another kind', { kinds: ['project-moved'] }, false],
		['of the field', { field: 'sector' }, true],
		['of another field', { field: 'name' }, false],
		['on the first day', { since: '2026-05-19' }, true],
		['before the first day', { since: '2026-05-20' }, false],
		['in the first month', { since: '2026-05' }, true],
		['on the day after the last', { until: '2026-05-19' }, false],
		['on the last day', { until: '2026-05-20' }, true],
		['in the year before', { until: '2026' }, false],
		['at the moment', { since: '2026-05-19T16:00:00+08:00' }, true],
		['before the moment', { since: '2026-05-19T08:00:00.001Z' }, false]
	])('%s', (_, filter, expected) => {
		expect(isIn(change, filter)).toBe(expected);
	});

	test.each<[string, Partial<HistoryFilter>, boolean]>([
		['in a year that may hold the date', { since: '2024-07' }, true],
		['in an earlier year', { since: '2025' }, false],
		['in a year that begins before the end', { until: '2024-07' }, true],
		['in the year that begins with the end', { until: '2024' }, false],
		['at a moment of its year', { since: '2024-07-01T00:00:00Z' }, true]
	])('evidence on the clock of the documents, %s', (_, filter, expected) => {
		expect(isIn(said, { order: 'dated', ...filter })).toBe(expected);
	});

	test('evidence on the clock of the entries counts when it was entered', () => {
		expect(isIn(said, { since: '2026-05-19' })).toBe(true);
	});

	test('of no project, for a filter by project', () => {
		expect(isIn({ ...change, projectId: null }, { projects: ['p1'] })).toBe(false);
	});
});
