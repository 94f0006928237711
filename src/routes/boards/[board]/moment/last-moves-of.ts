/** When and by whom each project was last moved, by its id. */
export function lastMovesOf(moves: readonly { projectId: string; at: string; actorId: string }[]) {
	return Object.fromEntries(moves.map(({ projectId, ...move }) => [projectId, move]));
}
