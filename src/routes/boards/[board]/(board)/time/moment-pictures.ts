import type { Board } from '#domain/board.ts';
import type { LastMove } from '../stage-basis.ts';

/** A board as it was at a moment. */
export interface MomentPicture {
	board: Board;
	/** The last entry it held. */
	seq: number;
	/** When that came, ISO 8601 UTC. */
	at: string | null;
	lastMoves: Record<string, LastMove>;
}

/** Boards of the past kept in the browser: going to and fro asks for the same ones again. */
const KEPT = 16;

/** Fetches boards as they were: one at a time, the one asked for last; those seen lately are kept. */
export class MomentPictures {
	readonly #boardId: string;
	readonly #fetch: typeof fetch;
	/** By the number of the entry. */
	readonly #kept = new Map<number, MomentPicture>();
	/** Which entry was the last one at a time that was asked for. */
	readonly #seqs = new Map<string, number>();
	#underWay:
		{ moment: string; abort: AbortController; picture: Promise<MomentPicture | undefined> } | undefined;

	constructor(boardId: string, fetcher: typeof fetch) {
		this.#boardId = boardId;
		this.#fetch = fetcher;
	}

	/** Learns which entry was the last one at a moment, so that moments nothing happened between share a picture. */
	note(moment: string, seq: number): void {
		this.#seqs.set(moment, seq);
	}

	keep(moment: string, picture: MomentPicture): void {
		this.note(moment, picture.seq);
		this.#kept.delete(picture.seq); // so that the order is that of the last use
		this.#kept.set(picture.seq, picture);
		const oldest = this.#kept.keys().next().value;
		if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
	}

	/** A picture that need not be fetched. */
	find(moment: string): MomentPicture | undefined {
		return this.#kept.get(this.#seqs.get(moment) ?? Number(moment));
	}

	/**
	 * The board at a moment; asking for another one breaks this off.
	 * @returns undefined if it was broken off
	 * @throws if it does not come
	 */
	get(moment: string): Promise<MomentPicture | undefined> {
		const known = this.find(moment);
		if (!known && this.#underWay?.moment === moment) return this.#underWay.picture;
		this.#underWay?.abort.abort();
		this.#underWay = undefined;
		if (known) {
			this.keep(moment, known);
			return Promise.resolve(known);
		}
		const abort = new AbortController();
		const picture = this.#load(moment, abort.signal);
		this.#underWay = { moment, abort, picture };
		return picture;
	}

	async #load(moment: string, signal: AbortSignal): Promise<MomentPicture | undefined> {
		try {
			const asked = this.#seqs.get(moment) ?? moment;
			const address = `/boards/${this.#boardId}/moment?at=${encodeURIComponent(asked)}`;
			const response = await this.#fetch(address, { signal });
			if (!response.ok) throw new Error(`${response.status}`);
			const picture = (await response.json()) as MomentPicture;
			if (signal.aborted) return undefined;
			this.keep(moment, picture);
			return picture;
		} catch (error) {
			if (signal.aborted) return undefined;
			throw error;
		} finally {
			if (this.#underWay?.moment === moment && !signal.aborted) this.#underWay = undefined;
		}
	}
}
