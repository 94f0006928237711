import { Refusal } from '#domain/refusal.ts';

/** Entries of a board that cannot be read: what holds them is missing or is not what was written. */
export class DamagedStretch extends Refusal {
	readonly fromSeq: number;
	readonly toSeq: number;
	constructor(boardId: string, { fromSeq, toSeq }: { fromSeq: number; toSeq: number }) {
		const what = fromSeq === toSeq ? `entry ${fromSeq}` : `the stretch of entries ${fromSeq} to ${toSeq}`;
		super('storage-failed', `the journal of board ${boardId}: ${what} is missing or was changed`);
		this.fromSeq = fromSeq;
		this.toSeq = toSeq;
	}
}
