import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { Refusal } from '#domain/refusal.ts';
import { encodeAwareness } from '#protocol/message.ts';
import type { SyncLimits } from './limits.ts';
import type { Session } from './session.ts';

type State = { clientId: number; clock: number; json: string };

/** Awareness states of a room: each belongs to the connection that brought it, and says who is behind it. */
export class PresenceRegistry {
	readonly #states = new Map<number, State & { session: Session }>();
	readonly #limits: SyncLimits;
	constructor(limits: SyncLimits) {
		this.#limits = limits;
	}

	/**
	 * Takes an awareness update in; entries that belong to another connection are passed over.
	 * @returns the frame for the others, if anything of it is the session's own
	 * @throws {Refusal} `malformed-update`, `too-large`
	 */
	receive(session: Session, update: Uint8Array): Uint8Array | undefined {
		const taken: State[] = [];
		for (const entry of decodeStates(update)) {
			const known = this.#states.get(entry.clientId);
			if (known && known.session !== session) continue;
			if (entry.json === 'null') this.#forget(session, entry.clientId);
			else this.#remember(session, entry, known);
			taken.push(entry);
		}
		return taken.length > 0 ? encodeStates(taken) : undefined;
	}

	#remember(session: Session, entry: State, known: State | undefined): void {
		if (entry.json.length > this.#limits.awarenessStateBytes)
			throw new Refusal('too-large', 'awareness state is too large');
		if (!known && session.awarenessClients.size >= this.#limits.awarenessClients) {
			throw new Refusal('too-fast', 'too many awareness clients on one connection');
		}
		entry.json = withProfile(entry.json, session);
		session.awarenessClients.add(entry.clientId);
		this.#states.set(entry.clientId, { ...entry, session });
	}

	#forget(session: Session, clientId: number): void {
		this.#states.delete(clientId);
		session.awarenessClients.delete(clientId);
	}

	/** Frame with everybody who is here. */
	everybody(): Uint8Array | undefined {
		return this.#states.size > 0 ? encodeStates([...this.#states.values()]) : undefined;
	}

	/** Takes a connection's states away and gives the frame that tells the others. */
	leave(session: Session): Uint8Array | undefined {
		const gone = [...session.awarenessClients].map((clientId) => {
			const clock = (this.#states.get(clientId)?.clock ?? 0) + 1;
			this.#forget(session, clientId);
			return { clientId, clock, json: 'null' };
		});
		return gone.length > 0 ? encodeStates(gone) : undefined;
	}
}

/** Who is behind a state is the server's word, whatever the client wrote there. */
function withProfile(json: string, session: Session): string {
	const state: unknown = parse(json);
	if (typeof state !== 'object' || state === null || Array.isArray(state)) {
		throw new Refusal('malformed-update', 'awareness state is no record');
	}
	return JSON.stringify({ ...state, user: session.profile });
}

function parse(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch (error) {
		throw new Refusal('malformed-update', 'awareness state is no JSON', { cause: error });
	}
}

function decodeStates(update: Uint8Array): State[] {
	try {
		const decoder = decoding.createDecoder(update);
		const count = decoding.readVarUint(decoder);
		const states: State[] = [];
		for (let index = 0; index < count; index++) {
			const clientId = decoding.readVarUint(decoder);
			states.push({ clientId, clock: decoding.readVarUint(decoder), json: decoding.readVarString(decoder) });
		}
		return states;
	} catch (error) {
		throw new Refusal('malformed-update', 'awareness update does not decode', { cause: error });
	}
}

function encodeStates(states: readonly State[]): Uint8Array {
	const encoder = encoding.createEncoder();
	encoding.writeVarUint(encoder, states.length);
	for (const { clientId, clock, json } of states) {
		encoding.writeVarUint(encoder, clientId);
		encoding.writeVarUint(encoder, clock);
		encoding.writeVarString(encoder, json);
	}
	return encodeAwareness(encoding.toUint8Array(encoder));
}
