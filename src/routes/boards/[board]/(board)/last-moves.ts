import type { RecordedChange } from '#domain/change.ts';
import type { LastMove } from './stage-basis.ts';

/** Who moved which project, of changes that have just been committed. */
export function lastMovesIn(changes: readonly RecordedChange[]): Record<string, LastMove> {
	return Object.fromEntries(
		changes.flatMap(({ kind, projectId, at, actorId }) =>
			kind === 'project-moved' && projectId !== null ? [[projectId, { at, actorId }]] : []
		)
	);
}
