import { Refusal, type RefusalCode } from '#domain/refusal.ts';
import type { Journal } from '#server/journal/journal.ts';
import { parseMoment } from './moment.ts';

const SEQ = /^\d{1,15}$/;

/**
 * Number of the last entry that a board held at a moment.
 * @param asked number of an entry, or an ISO 8601 time with its zone, and what it is called where it was asked for
 * @throws {Refusal} `bad-request` if it is neither or yet to come, `not-found` if the board was not there yet
 */
export async function seqOfMoment(
	journal: Journal,
	boardId: string,
	{ moment, parameter }: { moment: string; parameter: string }
): Promise<number> {
	const refuse = (code: RefusalCode, message: string): never => {
		throw new Refusal(code, message, { path: [parameter] });
	};
	const head = await journal.head(boardId);
	const time = SEQ.test(moment) ? undefined : parseMoment(moment);
	if (!time && !SEQ.test(moment))
		refuse('bad-request', `"${parameter}" is the number of an entry or an ISO 8601 time with its zone`);
	if (time && time.getTime() > Date.now()) refuse('bad-request', `"${parameter}" is yet to come`);
	const seq = time ? await journal.seqAt(boardId, time.toISOString()) : Number(moment);
	if (seq > head.seq) refuse('bad-request', `"${parameter}" is yet to come: the board is at ${head.seq}`);
	return seq > 0 ? seq : refuse('not-found', `the board ${boardId} was not there yet`);
}
