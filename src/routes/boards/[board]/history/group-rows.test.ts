import { describe, expect, test } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import { Arrivals } from './arrivals.ts';
import { groupRows, inOrder, type Order } from './group-rows.ts';

let seq = 100;
function row(part: Partial<RecordedChange>): RecordedChange {
	return {
		seq: (seq -= 1),
		index: 0,
		at: '2026-05-19T08:00:00.000Z',
		documentDate: null,
		actorId: 'mei',
		kind: 'field-set',
		projectId: 'p',
		projectName: 'p',
		stageId: null,
		field: 'name',
		member: null,
		before: null,
		after: null,
		...part
	};
}
const grouped = (rows: RecordedChange[], order: Order) => groupRows(rows, order, () => 0);
const said = (document: string, documentDate: string) =>
	row({ kind: 'evidence-added', documentDate, after: { document, date: documentDate } });

test('days are days in China', () => {
	const days = grouped(
		[row({ at: '2026-05-19T16:00:00.000Z' }), row({ at: '2026-05-19T15:59:00.000Z' })],
		'entered'
	);
	expect(days.map(({ date }) => date)).toEqual(['2026-05-20', '2026-05-19']);
});

describe('a sitting', () => {
	const sizes = (rows: RecordedChange[]) =>
		grouped(rows, 'entered').flatMap(({ sittings }) => sittings.map((sitting) => sitting.rows.length));
	test('is what one person does without a long pause', () => {
		expect(sizes([row({ at: '2026-05-19T08:15:00.000Z' }), row({})])).toEqual([2]);
		expect(sizes([row({ at: '2026-05-19T08:15:00.001Z' }), row({})])).toEqual([1, 1]);
	});
	test('ends when somebody else does something', () => {
		expect(sizes([row({}), row({ actorId: 'bo' }), row({})])).toEqual([1, 1, 1]);
	});
	test('is not torn by a clock that was set back', () => {
		expect(sizes([row({ at: '2026-05-19T07:59:00.000Z' }), row({})])).toEqual([2]);
	});
});

test('on the clock of the documents evidence stands together by document, at a date as exact as its own', () => {
	const days = grouped(
		[
			said('004', '2026-05-19'),
			row({}),
			said('003', '2014-05'),
			said('003', '2014-05'),
			said('x', '2014-05')
		],
		'dated'
	);
	expect(
		days.map(({ date, sittings }) => [
			date,
			sittings.map(({ documentId, rows }) => [documentId, rows.length])
		])
	).toEqual([
		[
			'2026-05-19',
			[
				['004', 1],
				[null, 1]
			]
		],
		[
			'2014-05',
			[
				['003', 2],
				['x', 1]
			]
		]
	]);
});

test('on the clock of the entries it stands with what was entered beside it', () => {
	const [day, ...others] = grouped([said('004', '2014'), row({})], 'entered');
	expect(others).toEqual([]);
	expect(day!.sittings).toHaveLength(1);
});

test('keys stay while newer and older rows come, and differ where a clock set back shows a day twice', () => {
	const arrivals = new Arrivals();
	const keysOf = (list: RecordedChange[]) => {
		arrivals.note(list);
		const days = groupRows(list, 'entered', (one) => arrivals.placeOf(one));
		return days.flatMap(({ key, sittings }) => [key, ...sittings.map((sitting) => sitting.key)]);
	};
	const rows = [row({}), row({}), row({ at: '2026-05-21T08:00:00.000Z' }), row({})];
	const keys = keysOf(rows);
	expect(new Set(keys).size).toBe(3);
	expect(keysOf([row({ seq: 500 }), ...rows, row({})])).toEqual(keys);
});

test('rows are ordered as the server lists them', () => {
	const [first, second] = [row({ seq: 2, index: 0 }), row({ seq: 2, index: 1 })];
	const old = { ...said('003', '2014-05'), seq: 3 };
	expect([old, second, first].sort(inOrder('entered'))).toEqual([old, first, second]);
	expect([old, second, first].sort(inOrder('dated'))).toEqual([first, second, old]);
});
