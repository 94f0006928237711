import { prefectureOf } from '#domain/cities.ts';
import type { Portfolio, PortfolioProject } from '#seeds/schema.ts';
import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../access.server.ts';
import type { LayoutServerLoad } from './$types';

/** The committed board for the first paint; from there on the page is live. */
export const load: LayoutServerLoad = async (event) => {
	const boardId = event.params.board;
	await onBoard(event, boardId);
	const { boardReader, history, portfolio } = appContext();
	const [{ board, seq, epoch, at }, moves] = await Promise.all([
		boardReader.read(boardId),
		history.lastMoves(boardId)
	]);
	const lastMoves = Object.fromEntries(moves.map(({ projectId, ...move }) => [projectId, move]));
	return { board, seq, epoch, at, lastMoves, ...namesIn(portfolio) };
};

/** Names that stand in no document: of counties by code, and of the projects that others depend on by id. */
function namesIn({ places, projects }: Portfolio) {
	const needed = new Set(projects.flatMap(({ dependencies }) => dependencies.map(({ project }) => project)));
	const named = ({ name, nameEn }: PortfolioProject) => ({ nameZh: name, nameEn });
	return {
		counties: Object.fromEntries(
			places
				.filter(({ adcode }) => adcode !== prefectureOf(adcode))
				.map(({ adcode, nameZh, nameEn }) => [adcode, { nameZh, nameEn }])
		),
		libraryNames: Object.fromEntries(
			projects.filter(({ id }) => needed.has(id)).map((record) => [record.id, named(record)])
		)
	};
}
