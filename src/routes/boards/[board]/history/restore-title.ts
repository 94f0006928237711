import type { RestoreTarget } from '#domain/restore-target.ts';
import { m } from '#lib/paraglide/messages.js';
import { fieldName } from '#lib/signs/fields.ts';
import type { Names } from './history-names.svelte.ts';

/**
 * What the question whether something is put back is called.
 * @param project what the project was called that it is about
 */
export function restoreTitle(target: RestoreTarget, project: string, names: Pick<Names, 'stage'>): string {
	switch (target.kind) {
		case 'board':
			return m.restore_board();
		case 'title':
			return m.restore_title_field({ field: m.history_board_title() });
		case 'stage':
			return m.restore_title_stage({ stage: names.stage(target.stageId) });
		case 'project':
			return m.restore_title_project({ name: project });
		case 'field':
			return m.restore_title_field_of({ name: project, field: fieldName(target.field) });
		default:
			return target satisfies never;
	}
}
