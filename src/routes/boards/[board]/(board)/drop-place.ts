import { type Board, projectsIn } from '#domain/board.ts';

/** Where a card was let go: beside another card, or at the end of a column. */
export interface DropPlace {
	stageId: string;
	beside?: { projectId: string; edge: 'top' | 'bottom' } | undefined;
}

/**
 * Index in the stage for a project let go at a place, not counting the project itself. Told by the neighbour, because a
 * filter may hide cards between, and colleagues may have moved others since the drag began.
 */
export function indexAt(board: Board, projectId: string, { stageId, beside }: DropPlace): number {
	const others = projectsIn(board, stageId).filter(({ id }) => id !== projectId);
	const neighbour = others.findIndex(({ id }) => id === beside?.projectId);
	if (neighbour === -1) return others.length;
	return beside?.edge === 'top' ? neighbour : neighbour + 1;
}

/** Tells whether a project let go at a place would stand exactly where it stands. */
export function isSamePlace(board: Board, projectId: string, place: DropPlace): boolean {
	const column = projectsIn(board, place.stageId);
	const index = column.findIndex(({ id }) => id === projectId);
	return index !== -1 && indexAt(board, projectId, place) === index;
}

/** Where Alt+arrow takes a card, or undefined at the edge of the board. `visible` = cards the filter shows. */
export function placeBeside(
	board: Board,
	projectId: string,
	{ key, isVisible }: { key: string; isVisible: (projectId: string) => boolean }
): DropPlace | undefined {
	const project = board.projects.find(({ id }) => id === projectId);
	if (!project) return undefined;
	const column = projectsIn(board, project.stage).filter(({ id }) => id === projectId || isVisible(id));
	const index = column.findIndex(({ id }) => id === projectId);
	const stage = board.stages.findIndex(({ id }) => id === project.stage);
	switch (key) {
		case 'ArrowUp':
			return index > 0
				? { stageId: project.stage, beside: { projectId: column[index - 1]!.id, edge: 'top' } }
				: undefined;
		case 'ArrowDown':
			return index < column.length - 1
				? { stageId: project.stage, beside: { projectId: column[index + 1]!.id, edge: 'bottom' } }
				: undefined;
		case 'ArrowLeft':
		case 'ArrowRight': {
			const next = board.stages[stage + (key === 'ArrowLeft' ? -1 : 1)];
			if (!next) return undefined;
			const first = projectsIn(board, next.id).find(({ id }) => isVisible(id));
			return { stageId: next.id, beside: first && { projectId: first.id, edge: 'top' } };
		}
		default:
			return undefined;
	}
}
