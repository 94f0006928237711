import type { Action } from './roles.ts';

/** What of a board is made as it was: all of it, its title, one stage, one project, or one field or entry of a project. */
export type RestoreTarget =
	| { kind: 'board' }
	| { kind: 'title' }
	| { kind: 'stage'; stageId: string }
	| { kind: 'project'; projectId: string }
	| { kind: 'field'; projectId: string; field: string; member: string | null };

/** What somebody must be allowed for it: to put a value back is to edit, a whole board concerns everybody on it. */
export function actionToRestore({ kind }: RestoreTarget): Action {
	switch (kind) {
		case 'board':
			return 'board:restore';
		case 'title':
		case 'stage':
			return 'stages:edit';
		case 'project':
		case 'field':
			return 'board:edit';
		default:
			return kind satisfies never;
	}
}
