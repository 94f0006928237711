import type { RecordedChange } from '#domain/change.ts';
import type { RestoreTarget } from '#domain/restore-target.ts';

/**
 * What of a change can be put back to what was before it; undefined for what added something, which is taken away on the
 * board itself.
 */
export function restoreOf(change: RecordedChange): { at: number; target: RestoreTarget } | undefined {
	const target = change.seq > 1 ? targetOf(change) : undefined;
	return target && { at: change.seq - 1, target };
}

function targetOf({ kind, projectId, stageId, field, member }: RecordedChange): RestoreTarget | undefined {
	switch (kind) {
		case 'project-removed':
			return { kind: 'project', projectId: projectId! };
		case 'project-moved':
		case 'project-reordered':
			return { kind: 'field', projectId: projectId!, field: 'place', member: null };
		case 'field-set':
		case 'member-added':
		case 'member-changed':
		case 'member-removed':
			return { kind: 'field', projectId: projectId!, field: field!, member };
		case 'notes-edited':
			return { kind: 'field', projectId: projectId!, field: 'notes', member: null };
		case 'stage-removed':
		case 'stage-changed':
			return { kind: 'stage', stageId: stageId! };
		case 'board-changed':
			return field === 'title' ? { kind: 'title' } : undefined;
		case 'project-added':
		case 'project-taken':
		case 'project-restored':
		case 'evidence-added':
		case 'stage-added':
		case 'clash': // nor do the following change anything
		case 'clash-settled':
		case 'version-named':
		case 'version-changed':
		case 'version-removed':
		case 'edit-refused':
		case 'session-begun':
		case 'session-ended':
			return undefined;
		default:
			return kind satisfies never;
	}
}
