import { expect, test } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import { FieldChanges } from './field-changes.svelte.ts';

const change = (seq: number, part: Partial<RecordedChange> = {}): RecordedChange => ({
	seq,
	index: 0,
	at: '2026-05-19T08:00:00.000Z',
	documentDate: null,
	actorId: 'mei',
	kind: 'field-set',
	projectId: 'p',
	projectName: null,
	stageId: null,
	field: 'name',
	member: null,
	before: null,
	after: null,
	...part
});

function changesOf(answer: () => Response) {
	const asked: string[] = [];
	const fetcher = (address: RequestInfo | URL) => {
		asked.push(String(address));
		return Promise.resolve(answer());
	};
	return { asked, changes: new FieldChanges({ boardId: 'b', projectId: 'p' }, fetcher) };
}
const answering = (...changes: RecordedChange[]) => changesOf(() => Response.json({ changes, next: null }));

test('a field is asked for once, and only if somebody wants to know', async () => {
	const { asked, changes } = answering(change(3));
	expect(changes.of('name')).toBeUndefined();
	await Promise.all([changes.ask('name'), changes.ask('name')]);
	await changes.ask('name');
	expect(asked).toEqual(['/api/boards/b/changes?project=p&field=name&kind=field-set&limit=1']);
	expect(changes.of('name')).toMatchObject({ state: 'known', change: { seq: 3 } });
});

test('what is committed is taken in where somebody asked, and nowhere else', async () => {
	const { asked, changes } = answering();
	await changes.ask('place');
	expect(changes.of('place')).toEqual({ state: 'none' });
	changes.note([
		change(4),
		change(5, { field: 'place', kind: 'project-reordered' }),
		change(6, { field: 'place', kind: 'project-moved' }),
		change(7, { field: 'place', kind: 'clash' }),
		change(8, { field: 'place', kind: 'project-moved', projectId: 'other' })
	]);
	expect(changes.of('place')).toMatchObject({ state: 'known', change: { seq: 6 } });
	expect(changes.of('name')).toBeUndefined();
	expect(asked).toHaveLength(1);
});

test('what is committed while the answer is on its way is newer', async () => {
	const { changes } = answering(change(3));
	const asking = changes.ask('name');
	changes.note([change(9)]);
	await asking;
	expect(changes.of('name')).toMatchObject({ change: { seq: 9 } });
});

test('where it could not be looked up, it is tried again', async () => {
	let status = 500;
	const { changes } = changesOf(() => Response.json({ changes: [change(3)] }, { status }));
	await changes.ask('name');
	expect(changes.of('name')).toEqual({ state: 'failed' });
	status = 200;
	await changes.ask('name');
	expect(changes.of('name')).toMatchObject({ state: 'known' });
});
