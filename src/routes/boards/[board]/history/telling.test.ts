import { afterEach, describe, expect, test } from 'vitest';
import { CHANGE_KINDS, type RecordedChange } from '#domain/change.ts';
import { overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { HistoryNames } from './history-names.svelte.ts';
import { tellingOf } from './telling.ts';

const said = {
	document: '004',
	section: '一',
	date: '2026-05-19',
	stageWord: '加快推进',
	stage: 'construction',
	modality: 'directive',
	scope: 'exact',
	confidence: 'high'
};
const names = new HistoryNames(() => ({
	people: {},
	documents: {
		'004': {
			id: '004',
			short: '发布会',
			titleZh: '发布会全文',
			titleEn: 'Press conference',
			date: '2026-05-19'
		}
	},
	stages: { planned: { name: '待开工', nameEn: 'Planned' }, construction: { name: '在建', nameEn: '' } },
	projects: [{ id: 'p', name: '昆玉铁路', nameEn: 'Kunming–Yuxi Railway' }],
	removed: [{ id: 'gone', name: '旧项目' }],
	places: { '530112': { nameZh: '西山区', nameEn: 'Xishan District' } }
}));

function change(part: Partial<RecordedChange>): RecordedChange {
	return {
		seq: 1,
		index: 0,
		at: '2026-05-19T08:00:00.000Z',
		documentDate: null,
		actorId: 'mei',
		kind: 'field-set',
		projectId: 'p',
		projectName: '昆玉铁路',
		stageId: null,
		field: null,
		member: null,
		before: null,
		after: null,
		...part
	};
}
const told = (part: Partial<RecordedChange>) => tellingOf(change(part), names);

afterEach(() => overwriteGetLocale(() => 'zh-CN'));

test('a stage that was added or removed is called as the reader would', () => {
	const picture = { name: '待开工', nameEn: 'Planned', order: 'a0' };
	const added = () => told({ kind: 'stage-added', stageId: 'planned', after: picture });
	expect(added()).toMatchObject({ after: '待开工' });
	overwriteGetLocale(() => 'en');
	expect(added()).toMatchObject({ after: 'Planned' });
	const unnamed = { ...picture, nameEn: '' };
	expect(told({ kind: 'stage-removed', stageId: 'planned', before: unnamed })).toMatchObject({
		before: '待开工'
	});
});

test('every kind of change is told in both languages, never by its id', () => {
	for (const locale of ['zh-CN', 'en'] as const) {
		overwriteGetLocale(() => locale);
		for (const kind of CHANGE_KINDS) {
			const { text } = told({ kind, stageId: 'planned', field: 'name', before: '甲', after: '乙' });
			expect(text, kind).not.toBe('');
			expect(text, kind).not.toContain(kind);
		}
	}
});

describe('a move', () => {
	const move = {
		kind: 'project-moved',
		before: { stage: 'planned', order: 'a0' },
		after: { stage: 'construction', order: 'a0' }
	} as const;
	test('names both stages as the board calls them', () => {
		expect(told(move)).toMatchObject({ before: '待开工', after: '在建', verb: 'moved' });
	});
	test('in English by the Chinese name where there is no other', () => {
		overwriteGetLocale(() => 'en');
		expect(told(move)).toMatchObject({ before: 'Planned', after: '在建' });
	});
});

describe('a field', () => {
	test.each([
		['totalInvestmentYuan', 1_234_000_000, 1_500_000_000, '12.34 亿元', '15.00 亿元'],
		['totalInvestmentYuan', 1_234_000_000, 1_234_000_001, '1,234,000,000 元', '1,234,000,001 元'],
		['totalInvestmentYuan', null, 0, '', '0.00 亿元'],
		['sector', 'rail', 'road', '铁路', '公路'],
		['leadCity', '530100', null, '昆明市', ''],
		['investmentAsOf', '2026', '2026-05', '2026年', '2026年5月'],
		['kind', 'project', 'programme', '项目', '专项'],
		['caveat', null, { zh: '存疑', en: 'doubtful' }, '', '存疑'],
		['caveat', { zh: '存疑', en: 'doubtful' }, { zh: '存疑', en: 'in doubt' }, 'doubtful', 'in doubt']
	])('%s from %j to %j', (field, before, after, from, to) => {
		expect(told({ field, before, after })).toMatchObject({ form: 'values', before: from, after: to });
	});
	test('long texts are compared', () => {
		const [before, after] = ['一'.repeat(31), '二'.repeat(40)];
		expect(told({ field: 'investmentSource', before, after }).form).toBe('texts');
		expect(told({ field: 'investmentSource', before: null, after }).form).toBe('values');
	});
});

describe('an entry', () => {
	test.each([
		['cities', '530400', true, '玉溪市'],
		['counties', '530112', true, '西山区'],
		['figures', 'f', { value: 42, unit: 'km', document: '004' }, '42 km · 《发布会》'],
		['dependencies', 'gone', { type: 'needs', basis: 'stated' }, '依赖 旧项目 · 文件载明'],
		['evidence', 'e', said, '“加快推进” · 建设 · 《发布会》 2026年5月19日']
	])('of %s', (field, member, value, expected) => {
		expect(told({ kind: 'member-added', field, member, after: value })).toMatchObject({
			before: '',
			after: expected
		});
		expect(told({ kind: 'member-removed', field, member, before: value })).toMatchObject({
			before: expected,
			after: ''
		});
	});
});

test('a removed project tells what it held, without what the row says already', () => {
	const before = {
		name: '昆玉铁路',
		place: { stage: 'planned', order: 'a0' },
		sector: 'rail',
		cities: { '530100': true },
		caveat: null
	};
	expect(told({ kind: 'project-removed', stageId: 'planned', before })).toEqual({
		form: 'sentence',
		text: '移出看板，原在“待开工”',
		content: {
			label: '移出时的内容',
			facts: [
				{ label: '领域', text: '铁路' },
				{ label: '所在州（市）', text: '昆明市' }
			]
		}
	});
});

describe('names', () => {
	const fresh = () =>
		new HistoryNames(() => ({
			people: {},
			documents: {},
			stages: { planned: { name: '待开工', nameEn: 'Planned' } },
			projects: [{ id: 'p', name: '昆玉铁路', nameEn: 'Kunming–Yuxi Railway' }],
			removed: [{ id: 'gone', name: '旧项目' }],
			places: {}
		}));
	test('a project is called what it was called then; in English by its present name', () => {
		const own = fresh();
		expect(own.projectOf({ projectId: 'p', projectName: '昆玉线' })).toBe('昆玉线');
		expect(own.projectOf({ projectId: 'p', projectName: null })).toBe('昆玉铁路');
		overwriteGetLocale(() => 'en');
		expect(own.projectOf({ projectId: 'p', projectName: '昆玉线' })).toBe('Kunming–Yuxi Railway');
		expect(own.projectOf({ projectId: 'gone', projectName: '旧项目' })).toBe('旧项目');
	});
	test('follow what comes: renamed, removed, restored, added, and stages', () => {
		const own = fresh();
		own.note([
			change({ field: 'name', after: '昆玉快线' }),
			change({ kind: 'project-removed', projectId: 'p' }),
			change({
				kind: 'project-restored',
				projectId: 'gone',
				projectName: '旧项目',
				after: { nameEn: 'Old' }
			}),
			change({ kind: 'project-added', projectId: 'new', projectName: '新项目', after: {} }),
			change({ kind: 'stage-changed', projectId: null, stageId: 'planned', field: 'name', after: '计划' })
		]);
		expect(own.project('p')).toBe('昆玉快线');
		expect(['p', 'gone', 'new'].map((id) => own.isOnBoard(id))).toEqual([false, true, true]);
		expect(own.stage('planned')).toBe('计划');
	});
	test('what nobody knows goes by its id, also where an object has such a key of its own', () => {
		const own = fresh();
		expect(own.stage('toString')).toBe('toString');
		expect(own.person('constructor')).toBeUndefined();
		expect(own.project('valueOf')).toBe('valueOf');
	});
});
