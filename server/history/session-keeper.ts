import type { RecordedChange } from '#domain/change.ts';
import type { TransactionHandle } from '#server/database/database.ts';
import type { PendingEntry } from '#server/journal/entry.ts';
import { findSession, insertSessionEnd } from './session.repository.ts';
import { continueSession, type WorkingSession } from './working-session.ts';

/** Notices when people begin to work on a board and when they ended, as entries come. */
export class SessionKeeper {
	/** As of an entry of each board: where the next one is another than expected, what is stored says more. */
	readonly #known = new Map<string, { seq: number; session: WorkingSession | undefined }>();

	/**
	 * Takes the next entries of a board, in the transaction they are written in.
	 * @returns the rows that are to be written with theirs, and the ends that have been
	 */
	async take(
		trx: TransactionHandle,
		boardId: string,
		entries: readonly PendingEntry[]
	): Promise<{ begun: RecordedChange[]; ended: RecordedChange[] }> {
		const first = entries[0]!.seq;
		const known = this.#known.get(boardId);
		let session =
			known?.seq === first - 1
				? known.session
				: first > 1
					? await findSession(trx, boardId, first)
					: undefined;
		const told: RecordedChange[] = [];
		for (const { seq, receivedAt: at, actorId, changes } of entries) {
			const next = continueSession(session, { seq, at, actorId, rows: changes.length });
			session = next.session;
			told.push(...next.rows);
		}
		const [ended, begun] = partition(told);
		for (const end of ended) await insertSessionEnd(trx, boardId, end);
		this.#known.set(boardId, { seq: entries.at(-1)!.seq, session });
		return { begun, ended };
	}
}

function partition(rows: readonly RecordedChange[]): [ended: RecordedChange[], begun: RecordedChange[]] {
	const isEnd = ({ kind }: RecordedChange) => kind === 'session-ended';
	return [rows.filter(isEnd), rows.filter((row) => !isEnd(row))];
}
