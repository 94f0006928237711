import { isRefusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import type { HistoryPage, HistoryParameters } from '#server/history/history.service.ts';
import { onBoard } from '../../../access.server.ts';
import type { PageServerLoad } from './$types';
import { namesOn } from './names.server.ts';

const FIRST_ROWS = 50;

/** The first page of what an address asks for; a wrong address shows nothing and says which part of it is wrong. */
async function firstPage(
	boardId: string,
	parameters: HistoryParameters
): Promise<HistoryPage & { problem: string | null }> {
	try {
		const page = await appContext().history.list(boardId, parameters);
		return { ...page, problem: null };
	} catch (cause) {
		if (!isRefusal(cause) || cause.code !== 'bad-request') throw cause;
		return { changes: [], next: null, problem: cause.path[0] ?? '' };
	}
}

export const load: PageServerLoad = async (event) => {
	const boardId = event.params.board;
	await onBoard(event, boardId, 'history:read');
	const { boardReader, organisations } = appContext();
	const asked: HistoryParameters = Object.fromEntries(event.url.searchParams);
	// the head first: what comes between the two readings is then told twice rather than never
	const { board, seq } = await boardReader.read(boardId);
	const [page, names, bodies] = await Promise.all([
		firstPage(boardId, { ...asked, after: '', limit: String(FIRST_ROWS) }),
		namesOn(boardId, board),
		organisations.list()
	]);
	return {
		...page,
		...names,
		query: event.url.searchParams.toString(),
		seq,
		organisations: bodies.map(({ id, name, nameEn }) => ({ id, name, nameEn }))
	};
};
