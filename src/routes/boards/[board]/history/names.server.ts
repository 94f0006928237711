import type { Board } from '#domain/board.ts';
import { appContext } from '#server/app-context.ts';

/** Counties and prefectures by their code. */
function placesByCode() {
	return Object.fromEntries(
		appContext().portfolio.places.map(({ adcode, nameZh, nameEn }) => [adcode, { nameZh, nameEn }])
	);
}

/** What the stages, projects and places of a board's past and present are called. */
export async function namesOn(boardId: string, board: Board) {
	const { history } = appContext();
	const [stages, removals] = await Promise.all([history.stageNames(boardId), history.lastRemovals(boardId)]);
	return {
		stages,
		projects: board.projects.map(({ id, name, nameEn }) => ({ id, name, nameEn })),
		removed: removals.map(({ projectId, projectName }) => ({ id: projectId ?? '', name: projectName ?? '' })),
		places: placesByCode()
	};
}
