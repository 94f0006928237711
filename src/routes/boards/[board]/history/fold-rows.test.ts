import { expect, test } from 'vitest';
import type { ChangeKind, RecordedChange } from '#domain/change.ts';
import { foldRows } from './fold-rows.ts';

const change = (seq: number, kind: ChangeKind, part: Partial<RecordedChange> = {}): RecordedChange => ({
	seq,
	index: 0,
	at: '2026-05-19T08:00:00.000Z',
	documentDate: null,
	actorId: 'mei',
	kind,
	projectId: `p${seq}`,
	projectName: null,
	stageId: null,
	field: null,
	member: null,
	before: null,
	after: null,
	...part
});
const many = (count: number, make: (seq: number) => RecordedChange[]) =>
	Array.from({ length: count }, (_, index) => make(count - index)).flat();
const shapes = (rows: RecordedChange[]) =>
	foldRows(rows).map(({ row, fold }) => (fold ? `${fold.kind} ${fold.count}+${fold.evidence}` : row.kind));

test('many projects added are one row, with the evidence each brought', () => {
	const taken = many(40, (seq) => [
		change(seq, 'project-taken'),
		...[1, 2].map((index) =>
			change(seq, 'evidence-added', { index, projectId: `p${seq}`, field: 'evidence', member: `e${index}` })
		)
	]);
	expect(shapes(taken)).toEqual(['project-taken 40+80']);
	expect(foldRows(taken)[0]!.fold!.rows).toEqual(taken);
});

test('a few stay as they are, and so does one value set again and again', () => {
	expect(shapes(many(4, (seq) => [change(seq, 'project-removed')]))).toEqual(
		Array<string>(4).fill('project-removed')
	);
	const same = many(9, (seq) => [change(seq, 'field-set', { projectId: 'p', field: 'name' })]);
	expect(foldRows(same)).toEqual(same.map((row) => ({ row })));
});

test('another kind or field between them parts them; the order stays', () => {
	const set = (seq: number, field: string) => change(seq, 'field-set', { field });
	const rows = [
		...many(5, (seq) => [set(20 + seq, 'sector')]),
		...many(5, (seq) => [set(10 + seq, 'name')]),
		change(5, 'project-moved'),
		set(4, 'name')
	];
	expect(shapes(rows)).toEqual(['field-set 5+0', 'field-set 5+0', 'project-moved', 'field-set']);
	expect(foldRows(rows).flatMap(({ row, fold }) => fold?.rows ?? [row])).toEqual(rows);
});

test('entries of one list are counted one by one', () => {
	const figures = many(6, (seq) => [
		change(seq, 'member-added', { projectId: 'p', field: 'figures', member: `f${seq}` })
	]);
	expect(shapes(figures)).toEqual(['member-added 6+0']);
});

test('what is no edit is never folded', () => {
	expect(shapes(many(9, (seq) => [change(seq, 'clash')]))).toEqual(Array<string>(9).fill('clash'));
});
