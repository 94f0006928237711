import type { RecordedChange } from '#domain/change.ts';
import type { DatabaseHandle, TransactionHandle } from '#server/database/database.ts';
import { type Act, insertAct } from './act.repository.ts';

export type { Act } from './act.repository.ts';

type Listener = (boardId: string, acts: readonly RecordedChange[]) => void;

/** What people do about boards without changing them: part of the history, beside the journal. */
export class ActService {
	readonly #db: DatabaseHandle;
	/** Where nobody is on any board, as on the command line, nobody is told. */
	#tell: Listener = () => {};
	constructor(db: DatabaseHandle) {
		this.#db = db;
	}

	/** Names who tells those who are on a board what has just been kept. */
	tellBy(listener: Listener): void {
		this.#tell = listener;
	}

	/**
	 * Does something in a transaction, and keeps that it was done: both or neither.
	 * @returns the rows of the history
	 */
	async keep(
		boardId: string,
		work: (trx: TransactionHandle) => Promise<readonly Act[]>
	): Promise<RecordedChange[]> {
		const kept = await this.#db.transaction().execute(async (trx) => {
			const rows: RecordedChange[] = [];
			for (const act of await work(trx)) rows.push(await insertAct(trx, boardId, act));
			return rows;
		});
		// of what was refused nobody hears who is at work; it is there for who looks it up
		const told = kept.filter(({ kind }) => kind !== 'edit-refused');
		if (told.length > 0) this.#tell(boardId, told);
		return kept;
	}
}
