import { expect, test } from 'vitest';
import { CHANGE_KINDS, UNCHANGING_KINDS, type ChangeKind, type RecordedChange } from '#domain/change.ts';
import { restoreOf } from './restore-of.ts';

const change = (kind: ChangeKind, content: Partial<RecordedChange> = {}): RecordedChange => ({
	kind,
	seq: 9,
	index: 0,
	at: '2026-05-20T08:00:00.000Z',
	documentDate: null,
	actorId: 'mei',
	projectId: 'p',
	projectName: '项目',
	stageId: 's',
	field: 'name',
	member: null,
	before: null,
	after: null,
	...content
});

test('what was there before a change can be put back, as it was after the entry before', () => {
	expect(restoreOf(change('project-removed'))).toEqual({
		at: 8,
		target: { kind: 'project', projectId: 'p' }
	});
	expect(restoreOf(change('member-removed', { field: 'cities', member: '530100' }))).toEqual({
		at: 8,
		target: { kind: 'field', projectId: 'p', field: 'cities', member: '530100' }
	});
	expect(restoreOf(change('project-moved'))?.target).toMatchObject({ field: 'place' });
	expect(restoreOf(change('notes-edited', { field: 'notes' }))?.target).toMatchObject({ field: 'notes' });
	expect(restoreOf(change('stage-removed'))?.target).toEqual({ kind: 'stage', stageId: 's' });
	expect(restoreOf(change('board-changed', { field: 'title' }))?.target).toEqual({ kind: 'title' });
});

test('what came with a change cannot, and neither can what lies before the board', () => {
	const none = CHANGE_KINDS.filter((kind) => restoreOf(change(kind)) === undefined);
	expect(none).toEqual([
		'project-added',
		'project-taken',
		'project-restored',
		'evidence-added',
		'stage-added',
		'board-changed',
		...UNCHANGING_KINDS
	]);
	expect(restoreOf(change('field-set', { seq: 1 }))).toBeUndefined();
});
