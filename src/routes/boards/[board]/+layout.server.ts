import { appContext } from '#server/app-context.ts';
import { onBoard } from '../../access.server.ts';
import type { LayoutServerLoad } from './$types';

/** Who is on the board and may be named on it, and the documents its evidence comes from. */
export const load: LayoutServerLoad = async (event) => {
	const boardId = event.params.board;
	const { role, user } = await onBoard(event, boardId);
	const { boards, history, log, people, portfolio, visits } = appContext();
	// not waited for: a board is also read where nothing can be written
	visits.note(boardId, user.id).catch((error: unknown) => log.warn({ err: error }, 'a visit was not noted'));
	const [record, members, actors] = await Promise.all([
		boards.get(boardId),
		boards.members(boardId),
		history.actors(boardId)
	]);
	const named = new Set([...members.map(({ userId }) => userId), ...actors, user.id]);
	const documents = portfolio.documents.map(
		({ id, short, shortEn, titleZh, titleEn, date, dateCertainty, dateBasis }) => ({
			id,
			short,
			shortEn,
			titleZh,
			titleEn,
			date,
			dateCertainty,
			dateBasis
		})
	);
	return {
		boardId,
		boardTitle: record.title,
		isArchived: record.archivedAt !== null,
		role,
		me: user,
		people: Object.fromEntries(await people.profiles(named)),
		documents: Object.fromEntries(documents.map((document) => [document.id, document]))
	};
};
