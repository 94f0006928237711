import { describe, expect, test } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import type { Clash } from '#domain/clash.ts';
import { OpenClashes } from './open-clashes.svelte.ts';

function row(part: Partial<RecordedChange>): RecordedChange {
	return {
		seq: 5,
		index: 0,
		at: '2026-05-19T08:00:00.000Z',
		documentDate: null,
		actorId: 'bo',
		kind: 'field-set',
		projectId: 'p',
		projectName: '项目',
		stageId: null,
		field: 'name',
		member: null,
		before: null,
		after: null,
		...part
	};
}
const clash = (part: Partial<RecordedChange> = {}) =>
	row({
		kind: 'clash',
		before: { actorId: 'mei', value: '甲' },
		after: { actorId: 'bo', value: '乙' },
		...part
	});

function openWith(...changes: RecordedChange[]): OpenClashes {
	const open = new OpenClashes({ userId: 'mei', boardId: 'b', first: [] });
	open.noteChanges(changes);
	return open;
}
const seqs = ({ list }: OpenClashes) => list.map(({ seq }) => seq);

test('a clash is open with both values and whose each is, once however often it is told', () => {
	const open = openWith(row({}), clash({ index: 1 }));
	open.noteChanges([clash({ index: 1 })]);
	expect(open.list).toEqual([
		expect.objectContaining({
			seq: 5,
			index: 1,
			lost: { actorId: 'mei', value: '甲' },
			kept: { actorId: 'bo', value: '乙' }
		})
	]);
});

describe('a later change decides about it', () => {
	test.each<[string, Partial<RecordedChange>, Partial<RecordedChange>]>([
		['of the same field', {}, {}],
		['of the same entry', { field: 'cities', member: '530100' }, { field: 'cities', member: '530100' }],
		['of an entry of the whole list', { field: 'cities' }, { field: 'cities', member: '530100' }],
		['that moves the project', { field: 'place' }, { field: 'place', kind: 'project-moved', stageId: 's' }],
		['that removes the project', {}, { kind: 'project-removed', field: null }],
		['of the same stage', { projectId: null, stageId: 's' }, { projectId: null, stageId: 's' }],
		['of the title', { projectId: null, field: 'title' }, { projectId: null, field: 'title' }]
	])('%s', (_, of, by) => expect(seqs(openWith(clash(of), row({ seq: 6, ...by })))).toEqual([]));
});

describe('what does not decide about it', () => {
	test.each<[string, Partial<RecordedChange>]>([
		['the change that came with it', { seq: 5 }],
		['another field', { field: 'nameEn' }],
		['another project', { projectId: 'q' }],
		['another clash of the same field', { kind: 'clash' }]
	])('%s', (_, by) => expect(seqs(openWith(clash({ index: 1 }), row({ seq: 6, ...by })))).toContain(5));
	test('a change within a project that was removed or made twice', () => {
		expect(seqs(openWith(clash({ field: null }), row({ seq: 6 })))).toEqual([5]);
		expect(seqs(openWith(clash({ field: null }), row({ seq: 6, field: null })))).toEqual([]);
	});
});

test('what somebody settles is open no more', () => {
	const open = openWith(clash({ index: 0 }), clash({ index: 1, field: 'sector' }));
	open.noteSettled([{ seq: 5, index: 1 }]);
	expect(open.list.map(({ index }) => index)).toEqual([0]);
});

test('an answer made before a decision does not bring the clash back', () => {
	const open = openWith(clash({ seq: 5 }), clash({ seq: 6, field: 'sector' }));
	const { list } = open;
	open.noteSettled([{ seq: 5, index: 0 }]);
	open.noteChanges([row({ seq: 8, field: 'sector' })]);
	open.replace({ seq: 7, clashes: list });
	expect(seqs(open)).toEqual([]);
});

test('the server’s list stands, with what came after it was made', () => {
	const open = openWith(clash({ seq: 5 }), clash({ seq: 9 }));
	open.replace({ seq: 7, clashes: [{ ...open.list[0]!, seq: 6 } satisfies Clash] });
	expect(seqs(open)).toEqual([9, 6]);
});
