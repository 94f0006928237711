import { Refusal } from '#domain/refusal.ts';
import { FirstWriters } from '#server/history/first-writers.ts';
import { Allowance } from './allowance.ts';
import type { SyncLimits } from './limits.ts';

/** Whose the Yjs clients of a board are, and how many new ones somebody may bring. */
export class ClientOwners extends FirstWriters {
	readonly #limits: SyncLimits;
	/** What each user may still bring: every new client stays in memory and in the database for ever. */
	readonly #allowances = new Map<string, Allowance>();
	constructor(owners: Map<number, string>, limits: SyncLimits) {
		super(owners);
		this.#limits = limits;
	}

	/**
	 * The ones of an update's writers that nobody wrote with before.
	 * @param speakerOf the user who speaks for a client in awareness
	 * @throws {Refusal} `foreign-client-id`, `too-large`, `too-fast`
	 */
	newAmong(
		writers: readonly number[],
		userId: string,
		speakerOf: (clientId: number) => string | undefined
	): number[] {
		const foreign = writers.find((client) => (this.of(client) ?? speakerOf(client) ?? userId) !== userId);
		if (foreign !== undefined)
			throw new Refusal('foreign-client-id', `client ${foreign} belongs to somebody else`);
		const fresh = this.freshAmong(writers);
		if (fresh.length > this.#limits.newClientsPerUpdate)
			throw new Refusal('too-large', `update brings ${fresh.length} new clients`);
		if (fresh.length > 0 && !this.#allowanceOf(userId).spend(fresh.length))
			throw new Refusal('too-fast', 'too many new clients of one person');
		return fresh;
	}

	#allowanceOf(userId: string): Allowance {
		const known = this.#allowances.get(userId);
		if (known) return known;
		const allowance = new Allowance(this.#limits.newClientsBurst, this.#limits.newClientsPerSecond);
		this.#allowances.set(userId, allowance);
		return allowance;
	}
}
