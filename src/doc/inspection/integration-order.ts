import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import type { Struct } from './decode-update.ts';

/** How far each client is known: in the document, and with what was taken from the update so far. */
export class Clocks {
	readonly #store: Y.Doc['store'];
	readonly #before = new Map<number, number>();
	readonly #now = new Map<number, number>();

	constructor(doc: Y.Doc) {
		this.#store = doc.store;
	}

	/** The clock after the last one the document holds. */
	before(client: number): number {
		let clock = this.#before.get(client);
		if (clock === undefined) this.#before.set(client, (clock = Y.getState(this.#store, client)));
		return clock;
	}

	/** The clock after the last one known by now. */
	now(client: number): number {
		return this.#now.get(client) ?? this.before(client);
	}

	/** Takes a struct in. */
	pass({ id, length }: Struct): void {
		const end = id.clock + length;
		if (end > this.now(id.client)) this.#now.set(id.client, end);
	}

	/** The client something of which must come before a struct can be integrated. */
	missingFor(struct: Struct): number | undefined {
		if (!(struct instanceof Y.Item)) return undefined;
		const { origin, rightOrigin, parent } = struct;
		if (origin !== null && origin.clock >= this.now(origin.client)) return origin.client;
		if (rightOrigin !== null && rightOrigin.clock >= this.now(rightOrigin.client)) return rightOrigin.client;
		return parent instanceof Y.ID && parent.clock >= this.now(parent.client) ? parent.client : undefined;
	}
}

/**
 * Visits the structs of an update in the order in which Yjs integrates them: each after all it builds on.
 * @param clocks the document's; afterwards with the whole update
 * @throws {Refusal} `gap` if something is not here, `malformed-update` if structs wait for one another: Yjs would
 *   keep them pending
 */
export function visitInOrder(
	structs: ReadonlyMap<number, Struct[]>,
	clocks: Clocks,
	visit: (struct: Struct) => void
): void {
	const order = new IntegrationOrder(structs, clocks);
	for (let struct = order.next(); struct; struct = order.next()) {
		visit(struct);
		clocks.pass(struct);
	}
}

class IntegrationOrder {
	readonly #structs: ReadonlyMap<number, Struct[]>;
	readonly #clocks: Clocks;
	/** Yjs takes the highest client first. */
	readonly #clients: number[];
	readonly #taken = new Map<number, number>();
	/** Each waits for the one after it. */
	readonly #waiting: Struct[] = [];

	constructor(structs: ReadonlyMap<number, Struct[]>, clocks: Clocks) {
		this.#structs = structs;
		this.#clocks = clocks;
		this.#clients = [...structs.keys()].sort((a, b) => a - b);
	}

	next(): Struct | undefined {
		let struct = this.#waiting.pop() ?? this.#nextUnasked();
		for (let missing; struct && (missing = this.#clocks.missingFor(struct)) !== undefined;) {
			this.#waiting.push(struct);
			// Yjs takes it for granted that what a client builds on of its own comes before
			if (missing === struct.id.client) this.#refuse(missing);
			struct = this.#take(missing) ?? this.#refuse(missing);
		}
		return struct;
	}

	/** A struct nobody waits for. */
	#nextUnasked(): Struct | undefined {
		for (let client; (client = this.#clients.at(-1)) !== undefined; this.#clients.pop()) {
			const struct = this.#take(client);
			if (struct) return struct;
		}
		return undefined;
	}

	#take(client: number): Struct | undefined {
		const index = this.#taken.get(client) ?? 0;
		const struct = this.#structs.get(client)?.[index];
		if (!struct) return undefined;
		this.#taken.set(client, index + 1);
		const now = this.#clocks.now(client);
		// a client that heard of later things first leaves out what it lacks; here that may be known
		const reach = struct instanceof Y.Skip ? struct.id.clock + struct.length : struct.id.clock;
		return reach > now ? this.#refuse(client) : struct;
	}

	#refuse(client: number): never {
		if (this.#waiting.some(({ id }) => id.client === client))
			throw new Refusal('malformed-update', `structs of client ${client} wait for one another`);
		throw new Refusal(
			'gap',
			`builds on more of client ${client} than its ${this.#clocks.now(client)} clocks here`
		);
	}
}
