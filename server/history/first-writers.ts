/** Yjs clients of a board, each of which belongs to the first person who wrote with it. */
export class FirstWriters {
	readonly #owners: Map<number, string>;
	constructor(owners = new Map<number, string>()) {
		this.#owners = owners;
	}

	/** The person who wrote with a client. */
	of(clientId: number): string | undefined {
		return this.#owners.get(clientId);
	}

	/** The ones of an update's writers that nobody wrote with before. */
	freshAmong(writers: readonly number[]): number[] {
		return writers.filter((client) => !this.#owners.has(client));
	}

	/** Gives clients to a person. */
	keep(clients: readonly number[], userId: string): void {
		for (const client of clients) this.#owners.set(client, userId);
	}
}
