import * as Y from 'yjs';
import { Refusal } from '#domain/refusal.ts';
import { PIECES_PER_STEP, type Steps } from '../steps.ts';
import type { DecodedUpdate, Struct } from './decode-update.ts';

/** What an update brings of one client. */
interface Block {
	structs: readonly Struct[];
	/** The clock after the last one the document holds. */
	before: number;
	/** The clock after the last one known by now. */
	now: number;
	/** How many of the structs had their turn. */
	taken: number;
}

/** How far each client is known: in the document, and with what was taken from an update so far. */
export class Clocks {
	readonly #store: Y.Doc['store'];
	readonly #blocks = new Map<number, Block>();

	constructor(doc: Y.Doc, { structs }: Pick<DecodedUpdate, 'structs'>) {
		this.#store = doc.store;
		for (const [client, list] of structs) {
			const before = Y.getState(doc.store, client);
			this.#blocks.set(client, { structs: list, before, now: before, taken: 0 });
		}
	}

	/** The clock after the last one the document holds. */
	before(client: number): number {
		return this.#blocks.get(client)?.before ?? Y.getState(this.#store, client);
	}

	/** The clock after the last one known by now. */
	now(client: number): number {
		return this.#blocks.get(client)?.now ?? Y.getState(this.#store, client);
	}

	/** Clients of which something new was taken. */
	advanced(): number[] {
		return [...this.#blocks].filter(([, { before, now }]) => now > before).map(([client]) => client);
	}

	/**
	 * Visits the structs of the update in the order in which Yjs integrates them: each after all it builds on.
	 * @throws {Refusal} `gap` if something is not here, `malformed-update` if structs wait for one another: Yjs would
	 *   keep them pending
	 */
	*visitInOrder(visit: (struct: Struct) => void): Steps<void> {
		const waiting: Struct[] = [];
		let visited = 0;
		// Yjs takes the highest client first
		for (const client of [...this.#blocks.keys()].sort((a, b) => b - a)) {
			for (let next = this.#take(client); next; next = waiting.pop() ?? this.#take(client)) {
				const struct = this.#firstReady(next, waiting);
				visit(struct);
				this.#pass(struct);
				if (++visited % PIECES_PER_STEP === 0) yield;
			}
		}
	}

	/** A struct, or what it waits for, or what that waits for, … */
	#firstReady(struct: Struct, waiting: Struct[]): Struct {
		for (let missing = this.#missingFor(struct); missing !== undefined; missing = this.#missingFor(struct)) {
			waiting.push(struct);
			// Yjs takes it for granted that what a client builds on of its own comes before
			const next = missing === struct.id.client ? undefined : this.#take(missing, waiting);
			struct = next ?? this.#refuse(missing, waiting);
		}
		return struct;
	}

	/** The client something of which must come before a struct can be integrated. */
	#missingFor(struct: Struct): number | undefined {
		if (!(struct instanceof Y.Item)) return undefined;
		const { origin, rightOrigin, parent } = struct;
		if (origin !== null && origin.clock >= this.now(origin.client)) return origin.client;
		if (rightOrigin !== null && rightOrigin.clock >= this.now(rightOrigin.client)) return rightOrigin.client;
		return parent instanceof Y.ID && parent.clock >= this.now(parent.client) ? parent.client : undefined;
	}

	#take(client: number, waiting: readonly Struct[] = []): Struct | undefined {
		const block = this.#blocks.get(client);
		const struct = block?.structs[block.taken];
		if (!block || !struct) return undefined;
		block.taken += 1;
		// a client that heard of later things first leaves out what it lacks; here that may be known
		const reach = struct instanceof Y.Skip ? struct.id.clock + struct.length : struct.id.clock;
		return reach > block.now ? this.#refuse(client, waiting) : struct;
	}

	#pass({ id, length }: Struct): void {
		const block = this.#blocks.get(id.client)!;
		block.now = Math.max(block.now, id.clock + length);
	}

	#refuse(client: number, waiting: readonly Struct[]): never {
		if (waiting.some(({ id }) => id.client === client))
			throw new Refusal('malformed-update', `structs of client ${client} wait for one another`);
		throw new Refusal('gap', `builds on more of client ${client} than the ${this.now(client)} clocks here`);
	}
}
