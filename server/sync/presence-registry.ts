import { Refusal } from '#domain/refusal.ts';
import { type AwarenessEntry, decodeAwareness, encodeAwarenessEntries } from './awareness-entries.ts';
import type { SyncLimits } from './limits.ts';
import type { Session } from './session.ts';

/** Whom a Yjs client that is no longer here belonged to, and how far its clock was. */
type Gone = { userId: string; clock: number };
/** Clients that left and are remembered: longer than an echo of them can be under way. */
const GONE_MAX = 1_000;

interface PresenceDeps {
	limits: SyncLimits;
	/** The user a Yjs client belongs to by what it wrote on this board. */
	ownerOf(clientId: number): string | undefined;
	/** Sends a frame to all who are here. */
	publish(frame: Uint8Array): void;
}

/**
 * Awareness states of a room: each belongs to the connection that brought it, and says who is behind it.
 * The usual client sends every state it hears of back, so that a state under somebody else's Yjs client is nothing
 * unusual; it is passed over.
 */
export class PresenceRegistry {
	readonly #deps: PresenceDeps;
	readonly #states = new Map<number, AwarenessEntry & { session: Session }>();
	readonly #gone = new Map<number, Gone>();
	readonly #changed = new Set<number>();
	#timer: NodeJS.Timeout | undefined;
	#isClosed = false;
	constructor(deps: PresenceDeps) {
		this.#deps = deps;
	}

	/**
	 * Takes an awareness update in; all hear of what is new in it within the window.
	 * @throws {Refusal} `malformed-update`, `too-large`, `too-fast`
	 */
	receive(session: Session, update: Uint8Array): void {
		const { awarenessBytes, awarenessEntries } = this.#deps.limits;
		if (update.byteLength > awarenessBytes)
			throw new Refusal('too-large', `awareness message of ${update.byteLength} bytes`);
		const outlived = new Set<number>();
		for (const entry of decodeAwareness(update, awarenessEntries)) {
			if (this.#isOutlived(session, entry)) outlived.add(entry.clientId);
			if (!this.#isOwn(session, entry)) continue;
			if (entry.json === 'null') this.#forget(entry.clientId, entry.clock);
			else this.#remember(session, entry);
		}
		const gone = [...outlived].filter((clientId) => !this.#states.has(clientId));
		if (gone.length > 0)
			session.send(encodeAwarenessEntries(gone.map((clientId) => this.#goneEntry(clientId))));
	}

	/** Whether an entry is the session's to make: under its own Yjs client, and newer than what is known. */
	#isOwn(session: Session, { clientId, clock, json }: AwarenessEntry): boolean {
		const { userId } = session.actor;
		if ((this.#deps.ownerOf(clientId) ?? userId) !== userId) return false;
		const here = this.#states.get(clientId);
		if (here?.session === session) return clock >= here.clock;
		const last = this.userOf(clientId) ?? this.#gone.get(clientId);
		if (last === undefined) return json !== 'null';
		return last.userId === userId && clock > last.clock;
	}

	/**
	 * A client that comes back under the clock it left with would be passed over by everybody. Told that it is gone, it
	 * says under a later one that it is not.
	 */
	#isOutlived(session: Session, { clientId, clock, json }: AwarenessEntry): boolean {
		const gone = this.#gone.get(clientId);
		if (!gone || this.#states.has(clientId) || json === 'null') return false;
		return gone.userId === session.actor.userId && clock <= gone.clock;
	}

	#goneEntry(clientId: number): AwarenessEntry {
		return { clientId, clock: this.#gone.get(clientId)?.clock ?? 0, json: 'null' };
	}

	/** Who speaks for a Yjs client at the moment. */
	userOf(clientId: number): Gone | undefined {
		const here = this.#states.get(clientId);
		return here && { userId: here.session.actor.userId, clock: here.clock };
	}

	#remember(session: Session, entry: AwarenessEntry): void {
		const { awarenessStateBytes, awarenessClients } = this.#deps.limits;
		if (Buffer.byteLength(entry.json) > awarenessStateBytes)
			throw new Refusal('too-large', 'awareness state is too large');
		const own = session.awarenessClients;
		if (!own.has(entry.clientId) && own.size >= awarenessClients)
			throw new Refusal('too-fast', 'too many awareness clients on one connection');
		this.#states.get(entry.clientId)?.session.awarenessClients.delete(entry.clientId);
		own.add(entry.clientId);
		this.#states.set(entry.clientId, { ...entry, json: withProfile(entry.json, session), session });
		this.#announce(entry.clientId);
	}

	#forget(clientId: number, clock: number): void {
		const here = this.#states.get(clientId);
		if (!here) return;
		this.#states.delete(clientId);
		here.session.awarenessClients.delete(clientId);
		this.#gone.delete(clientId); // so that the order is that of leaving
		this.#gone.set(clientId, { userId: here.session.actor.userId, clock });
		const oldest = this.#gone.keys().next().value;
		if (this.#gone.size > GONE_MAX && oldest !== undefined) this.#gone.delete(oldest);
		this.#announce(clientId);
	}

	#announce(clientId: number): void {
		if (this.#isClosed) return;
		this.#changed.add(clientId);
		this.#timer ??= setTimeout(() => this.#publish(), this.#deps.limits.awarenessWindowMs);
	}

	#publish(): void {
		this.#timer = undefined;
		const entries = [...this.#changed].map(
			(clientId) => this.#states.get(clientId) ?? this.#goneEntry(clientId)
		);
		this.#changed.clear();
		this.#deps.publish(encodeAwarenessEntries(entries));
	}

	/** Frame with everybody who is here. */
	everybody(): Uint8Array | undefined {
		return this.#states.size > 0 ? encodeAwarenessEntries([...this.#states.values()]) : undefined;
	}

	/** Takes a connection's states away. */
	leave(session: Session): void {
		for (const clientId of session.awarenessClients)
			this.#forget(clientId, this.#states.get(clientId)?.clock ?? 0);
	}

	/** Tells nobody anything any more. */
	close(): void {
		this.#isClosed = true;
		clearTimeout(this.#timer);
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
