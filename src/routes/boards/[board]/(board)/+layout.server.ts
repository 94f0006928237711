import { error } from '@sveltejs/kit';
import { prefectureOf } from '#domain/cities.ts';
import { isRefusal } from '#domain/refusal.ts';
import type { Portfolio, PortfolioProject } from '#seeds/schema.ts';
import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../../access.server.ts';
import { lastMovesOf } from '../moment/last-moves-of.ts';
import { pictureAt } from '../moment/picture-at.server.ts';
import type { LayoutServerLoad } from './$types';

/**
 * The committed board for the first paint, or the board of the moment that the address asks for. From there on the page
 * knows by itself: it is live, and goes to other moments without asking for all of this again.
 */
export const load: LayoutServerLoad = async (event) => {
	const boardId = event.params.board;
	const at = event.untrack(() => event.url.searchParams.get('at'));
	await onBoard(event, boardId, at ? 'history:read' : 'board:read');
	const picture = at ? await pastPicture(boardId, at) : await currentPicture(boardId);
	return { ...picture, isPast: at !== null && at !== '', ...namesIn(appContext().portfolio) };
};

async function currentPicture(boardId: string) {
	const { boardReader, clashes, history } = appContext();
	const [{ board, seq, epoch, at }, moves, open] = await Promise.all([
		boardReader.read(boardId),
		history.lastMoves(boardId),
		clashes.listOpen(boardId)
	]);
	return { board, seq, epoch, at, lastMoves: lastMovesOf(moves), clashes: open.clashes };
}

/** A moment that is none is not there, like any other wrong address. */
async function pastPicture(boardId: string, moment: string) {
	try {
		return { ...(await pictureAt(boardId, moment)), clashes: [] };
	} catch (cause) {
		if (isRefusal(cause)) error(404, cause.code);
		throw cause;
	}
}

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
