import { Refusal } from '#domain/refusal.ts';
import { Allowance } from './allowance.ts';
import type { SyncLimits } from './limits.ts';

/** Yjs clients of a board, each of which belongs to the first user who wrote with it. */
export class ClientOwners {
	readonly #owners: Map<number, string>;
	readonly #limits: SyncLimits;
	/** What each user may still bring: every new client stays in memory and in the database for ever. */
	readonly #allowances = new Map<string, Allowance>();
	constructor(owners: Map<number, string>, limits: SyncLimits) {
		this.#owners = owners;
		this.#limits = limits;
	}

	/** The user who wrote with a client. */
	of(clientId: number): string | undefined {
		return this.#owners.get(clientId);
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
		const fresh = writers.filter((client) => !this.#owners.has(client));
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

	/** Gives clients to a user. */
	keep(clients: readonly number[], userId: string): void {
		for (const client of clients) this.#owners.set(client, userId);
	}
}
