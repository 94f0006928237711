import type { DatabaseHandle } from '#server/database/database.ts';
import type { Journal } from '#server/journal/journal.ts';
import type { BoardsInTime } from './boards-in-time.ts';
import { packPicture } from './checkpoint.ts';
import { type CheckpointPlace, insertCheckpoint, listCheckpoints } from './checkpoint.repository.ts';

/** How far apart checkpoints stand, and for which boards they are kept. */
export interface CheckpointRule {
	/** Entries from which on a board has some. */
	least: number;
	/** Entries between two of them, so that a moment is never further from one; */
	entries: number;
	/** more where they are so large that each entry would cost more bytes than this. */
	bytesAnEntry: number;
}
export const CHECKPOINT_RULE: CheckpointRule = { least: 20_000, entries: 10_000, bytesAnEntry: 15 };
/** A gap is filled when it is so many times as wide as it should be. */
const WIDE = 1.5;

/** Keeps boards as they were at moments along their journals, from which the moments before are made. */
export class Checkpoints {
	readonly #db: DatabaseHandle;
	readonly #journal: Journal;
	readonly #boards: BoardsInTime;
	readonly #rule: CheckpointRule;
	constructor(
		parts: { db: DatabaseHandle; journal: Journal; boards: BoardsInTime },
		rule: CheckpointRule = CHECKPOINT_RULE
	) {
		this.#db = parts.db;
		this.#journal = parts.journal;
		this.#boards = parts.boards;
		this.#rule = rule;
	}

	/** Whether a board lacks one. */
	async isDue(boardId: string): Promise<boolean> {
		return (await this.#nextPlace(boardId)) !== undefined;
	}

	async #nextPlace(boardId: string): Promise<number | undefined> {
		const { seq: head } = await this.#journal.head(boardId);
		if (head < this.#rule.least) return undefined;
		return nextPlace(head, await listCheckpoints(this.#db, boardId), this.#rule);
	}

	/**
	 * Makes the next checkpoint of a board that is due, the newest first. It takes as long as reading a large board and
	 * writing it as JSON, so that it never runs where people wait.
	 * @returns its entry; undefined if none is due
	 */
	async makeNext(boardId: string): Promise<number | undefined> {
		const seq = await this.#nextPlace(boardId);
		if (seq === undefined) return undefined;
		const picture = await packPicture(await this.#boards.picture(boardId, seq));
		await insertCheckpoint(this.#db, boardId, { seq, picture });
		return seq;
	}
}

/** Where the next checkpoint of a board belongs. @param places of those it has, the newest first */
export function nextPlace(
	head: number,
	places: readonly CheckpointPlace[],
	{ entries, bytesAnEntry }: CheckpointRule
): number | undefined {
	const apart = Math.max(entries, Math.round((places[0]?.bytes ?? 0) / bytesAnEntry));
	if (head - (places[0]?.seq ?? 0) >= apart) return head;
	for (const [index, { seq }] of places.entries())
		if (seq - (places[index + 1]?.seq ?? 0) >= WIDE * apart) return seq - apart;
	return undefined;
}
