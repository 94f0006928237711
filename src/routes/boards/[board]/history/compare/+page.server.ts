import { isRefusal } from '#domain/refusal.ts';
import { appContext } from '#server/app-context.ts';
import type { MomentsCompared } from '#server/history/compare.service.ts';
import { onBoard } from '../../../../access.server.ts';
import { namesOn } from '../names.server.ts';
import { momentTyped } from './moment-inputs.ts';
import type { PageServerLoad } from './$types';

/** Why two moments cannot be compared. */
type Problem = 'before' | 'future' | 'order';
type Compared = { comparison: MomentsCompared; problem: null } | { comparison: null; problem: Problem };

async function compare(boardId: string, from: string, to: string | undefined): Promise<Compared> {
	try {
		return { comparison: await appContext().comparisons.compare(boardId, { from, to }), problem: null };
	} catch (cause) {
		if (!isRefusal(cause) || !['bad-request', 'not-found'].includes(cause.code)) throw cause;
		const isOrder = cause.message.includes('lies behind');
		return {
			comparison: null,
			problem: cause.code === 'not-found' ? 'before' : isOrder ? 'order' : 'future'
		};
	}
}

/** Without a moment in the address the last visit counts, else the last round of edits, else the beginning. */
export const load: PageServerLoad = async (event) => {
	const boardId = event.params.board;
	const { user } = await onBoard(event, boardId, 'history:read');
	const { boardReader, comparisons, log, versions, visits } = appContext();
	const visitAt = await visits.note(boardId, user.id).catch((error: unknown) => {
		log.warn({ err: error, board: boardId }, 'a visit was not noted');
		return null;
	});
	const [{ board }, points, named] = await Promise.all([
		boardReader.read(boardId),
		comparisons.startingPoints(boardId, visitAt),
		versions.list(boardId)
	]);
	const asked = (name: string) => momentTyped(event.url.searchParams.get(name) ?? '') || undefined;
	const usual = ['visit', 'session', 'beginning'].flatMap(
		(kind) => points.find((point) => point.kind === kind) ?? []
	);
	const from = asked('from') ?? usual[0]?.from ?? '1';
	const [compared, names] = await Promise.all([compare(boardId, from, asked('to')), namesOn(boardId, board)]);
	const moments = named.map(({ id, name, seq, at }) => ({ id, name, seq, at }));
	return { ...compared, ...names, points, moments, from, to: asked('to') ?? null };
};
