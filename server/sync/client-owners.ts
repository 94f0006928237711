import * as Y from 'yjs';
import type { DecodedUpdate } from '#doc/inspection/decode-update.ts';
import { Refusal } from '#domain/refusal.ts';
import { FirstWriters } from '#server/history/first-writers.ts';
import { RETIRED } from '#server/journal/journal.repository.ts';
import { Allowance } from './allowance.ts';
import type { SyncLimits } from './limits.ts';

/** Whose the Yjs clients of a board are, and how many new ones somebody may bring. */
export class ClientOwners extends FirstWriters {
	readonly #limits: SyncLimits;
	/** What each user may still bring: every new client stays in memory and in the database for ever. */
	readonly #allowances = new Map<string, Allowance>();
	/** Whether an epoch has ended whose clients must not come back. */
	readonly #hasRetired: boolean;
	constructor(owners: Map<number, string>, limits: SyncLimits) {
		super(owners);
		this.#hasRetired = new Set(owners.values()).has(RETIRED);
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

	/**
	 * The document holds nothing of a retired client, so that an update which names one is of an older epoch.
	 * @throws {Refusal} `old-epoch`
	 */
	assertOfThisEpoch({ structs, deleted }: Pick<DecodedUpdate, 'structs' | 'deleted'>): void {
		this.#assertNoneRetired(structs.keys());
		this.#assertNoneRetired(deleted.keys());
	}

	/** The same for a state vector. @throws {Refusal} `old-epoch` */
	assertVectorOfThisEpoch(stateVector: Uint8Array): void {
		if (this.#hasRetired) this.#assertNoneRetired(clientsIn(stateVector));
	}

	#assertNoneRetired(clients: Iterable<number>): void {
		if (!this.#hasRetired) return;
		for (const client of clients)
			if (this.of(client) === RETIRED)
				throw new Refusal('old-epoch', `client ${client} is of an older epoch of the board`);
	}

	#allowanceOf(userId: string): Allowance {
		const known = this.#allowances.get(userId);
		if (known) return known;
		const allowance = new Allowance(this.#limits.newClientsBurst, this.#limits.newClientsPerSecond);
		this.#allowances.set(userId, allowance);
		return allowance;
	}
}

/** None where it does not decode: who answers it says so. */
function clientsIn(stateVector: Uint8Array): Iterable<number> {
	try {
		return Y.decodeStateVector(stateVector).keys();
	} catch {
		return [];
	}
}
