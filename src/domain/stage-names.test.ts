import { expect, test } from 'vitest';
import type { Change, RecordedChange } from './change.ts';
import { stageNamesFrom } from './stage-names.ts';

function change(part: Pick<Change, 'kind' | 'stageId'> & Partial<Change>): RecordedChange {
	const nothing = {
		projectId: null,
		projectName: null,
		field: null,
		member: null,
		before: null,
		after: null
	};
	return { ...nothing, seq: 1, index: 0, at: '', documentDate: null, actorId: 'a', ...part };
}
const added = change({ kind: 'stage-added', stageId: 's', after: { name: '甲', nameEn: 'A', order: 'a0' } });

test('a stage is called what it was last called', () => {
	const renamed = change({ kind: 'stage-changed', stageId: 's', field: 'name', before: '甲', after: '乙' });
	expect(stageNamesFrom([added, renamed])).toEqual({ s: { name: '乙', nameEn: 'A' } });
});

test('a removed stage keeps the name it had', () => {
	const last = { name: '丙', nameEn: '', order: 'a0' };
	const removed = change({ kind: 'stage-removed', stageId: 's', before: last });
	expect(stageNamesFrom([added, removed])).toEqual({ s: { name: '丙', nameEn: '' } });
});

test('a moved project and a changed order rename no stage; what was known before stays', () => {
	const moved = change({ kind: 'project-moved', stageId: 's', after: { stage: 's', order: 'a0' } });
	const reordered = change({ kind: 'stage-changed', stageId: 's', field: 'order', after: 'a1' });
	const known = { s: { name: '甲', nameEn: 'A' }, t: { name: '丁', nameEn: '' } };
	expect(stageNamesFrom([moved, reordered], known)).toEqual(known);
	expect(known.s.name).toBe('甲');
});
