import * as decoding from 'lib0/decoding';
import { applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import * as Y from 'yjs';
import {
	type Ack,
	type CatchUp,
	decodeAck,
	decodeCatchUp,
	decodeHello,
	decodeJson,
	decodeRefused,
	encodeAwareness,
	encodeHello,
	encodeSync,
	MESSAGE,
	PROTOCOL_VERSION,
	type Refused,
	type SettledClash,
	SYNC
} from '#protocol/message.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Connection } from './connection.ts';
import { FrameQueue } from './frame-queue.ts';
import { canInflate, inflate } from './inflate.ts';
import type { Held, KeptUpdates } from './kept-updates.ts';
import type { Intent, PendingEdits } from './pending-edits.ts';
import type { Replica } from './replica.ts';

interface SyncClientParts {
	replica: Replica;
	connection: Pick<Connection, 'send' | 'noteAccepted'>;
	pending: PendingEdits;
	epoch: number;
	/** What is kept in the browser, held and not vouched for. */
	kept: Pick<KeptUpdates, 'held' | 'unsent' | 'keep' | 'keepUnsent' | 'forgetUnsent' | 'noteHeld'>;
	/** Transactions of this origin bring in what is kept in the browser: no edits of now. */
	keptOrigin: unknown;
}

export interface SyncClientEvents {
	/** The replica holds all the server had when it answered. */
	onSynced(): void;
	onPendingChange(): void;
	onRefused(refused: Refused): void;
	onChanges(changes: RecordedChange[]): void;
	onSettled(settled: SettledClash[]): void;
}

/** An update without anything. */
const NOTHING = Uint8Array.of(0, 0);
/** More edits than these are sent as what the server lacks, which takes less time than joining them. */
const JOINED_MAX = 200;

type AwarenessChange = { added: number[]; updated: number[]; removed: number[] };

/** Keeps one replica and the server alike over a connection, and knows which edits the server has vouched for. */
export class SyncClient {
	readonly #parts: SyncClientParts;
	readonly #events: SyncClientEvents;
	/** Update-carrying messages sent on this connection. */
	#count = 0;
	/** The server has been told what it lacked; from here on each edit goes as it is made. */
	#hasAnswered = false;
	#isSynced = false;
	/** Highest seq of the board the server has named. */
	#seq: number;
	/** The last catch-up: the document holds everything up to there. */
	#caughtUp: Held | undefined;
	/** The same, once the server also has all this copy was loaded with: from then on only edits need be sent. */
	#held: Held | undefined;
	/** Which message of this connection was the first answer. */
	#answer: { count: number; isAcked: boolean } | undefined;
	readonly #frames = new FrameQueue();
	#intent: Intent | undefined;

	constructor(parts: SyncClientParts & { seq: number }, events: SyncClientEvents) {
		this.#parts = parts;
		this.#events = events;
		this.#seq = parts.seq;
		this.#held = parts.kept.held;
		parts.replica.doc.on('update', this.#onUpdate);
		parts.replica.awareness.on('update', this.#onAwareness);
	}

	/** Nothing the server had is missing here, and it has been told what it lacked. */
	get isSynced(): boolean {
		return this.#isSynced && this.#hasAnswered;
	}

	/** Does an intent; what it writes is known as this intent's while it is on its way. */
	run(intent: Intent): void {
		this.#intent = intent;
		try {
			this.#parts.replica.run(intent);
		} finally {
			this.#intent = undefined;
		}
	}

	/** The line is there: says who one is and asks for what is missing. */
	opened(): void {
		const { connection, replica, epoch } = this.#parts;
		this.#count = 0;
		const { seq, mark } = this.#held ?? { seq: this.#seq, mark: '' };
		const hello = canInflate ? { version: PROTOCOL_VERSION, epoch, seq, mark } : { version: 1, epoch, seq };
		connection.send(encodeHello(hello));
		connection.send(encodeSync(SYNC.step1, Y.encodeStateVector(replica.doc)));
		this.#sendOwnAwareness();
	}

	/** The line is gone, and with it everybody who was here. */
	lost(): void {
		this.#hasAnswered = false;
		this.#answer = undefined;
		this.#isSynced = false;
		this.#frames.clear();
		this.#parts.pending.lineLost();
		const { awareness } = this.#parts.replica;
		const others = [...awareness.getStates().keys()].filter((id) => id !== awareness.clientID);
		removeAwarenessStates(awareness, others, this);
	}

	/** Handles the frames of the server in their order: what a state has to be unpacked for waits for it. */
	receive(frame: Uint8Array): void {
		this.#frames.run(() => this.#handle(frame));
	}

	/** A type of a later version is passed over. */
	#handle(frame: Uint8Array): void | Promise<void> {
		const decoder = decoding.createDecoder(frame);
		switch (decoding.readVarUint(decoder)) {
			case MESSAGE.sync:
				return this.#receiveSync(decoder);
			case MESSAGE.awareness:
				return applyAwarenessUpdate(this.#parts.replica.awareness, decoding.readVarUint8Array(decoder), this);
			case MESSAGE.queryAwareness:
				return this.#sendOwnAwareness();
			case MESSAGE.hello:
				this.#seq = Math.max(this.#seq, decodeHello(decoder).seq);
				return undefined;
			case MESSAGE.ack:
				return this.#receiveAck(decodeAck(decoder));
			case MESSAGE.catchUp:
				return this.#receiveCatchUp(decodeCatchUp(decoder));
			case MESSAGE.refused:
				return this.#events.onRefused(decodeRefused(decoder));
			case MESSAGE.changes:
				return this.#events.onChanges(decodeJson<RecordedChange[]>(decoder));
			case MESSAGE.settled:
				return this.#events.onSettled(decodeJson<SettledClash[]>(decoder));
			default:
				return undefined;
		}
	}

	#receiveSync(decoder: decoding.Decoder): void {
		const kind = decoding.readVarUint(decoder);
		const bytes = decoding.readVarUint8Array(decoder);
		if (kind === SYNC.step1) return this.#tell(bytes);
		Y.applyUpdate(this.#parts.replica.doc, bytes, this);
		if (kind !== SYNC.step2) return undefined;
		this.#isSynced = true;
		return this.#events.onSynced();
	}

	#receiveCatchUp({ deflated, updates, seq, mark }: CatchUp): void | Promise<void> {
		if (!deflated) return this.#catchUp(updates, { seq, mark });
		const frames = this.#frames.mark();
		return inflate(deflated).then((state) => {
			// the line may have been lost meanwhile
			if (this.#frames.isStill(frames)) this.#catchUp([state, ...updates], { seq, mark });
		});
	}

	#catchUp(updates: readonly Uint8Array[], held: Held): void {
		const { doc } = this.#parts.replica;
		doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)), this);
		this.#caughtUp = held;
		this.#noteHeld();
	}

	/** What the copy was loaded with may have edits that nobody knows of: first the server must have them. */
	#noteHeld(): void {
		const { replica, kept } = this.#parts;
		const { pendingStructs, pendingDs } = replica.doc.store;
		if (!this.#caughtUp || !this.#answer?.isAcked || pendingStructs || pendingDs) return;
		if (this.#held && this.#held.seq >= this.#caughtUp.seq) return;
		this.#held = this.#caughtUp;
		kept.noteHeld(this.#held);
	}

	/**
	 * Tells the server what it lacks: the edits it has not vouched for. Where it is not known that all else came from it,
	 * and where it asks again, everything by its state vector; deletions have no clock, so that they are all in that.
	 */
	#missing(stateVector: Uint8Array): Uint8Array {
		const { replica, kept } = this.#parts;
		const isAll = !this.#held || this.#answer !== undefined || kept.unsent.size > JOINED_MAX;
		if (isAll) return Y.encodeStateAsUpdate(replica.doc, stateVector);
		return kept.unsent.size > 0 ? Y.mergeUpdates([...kept.unsent.values()]) : NOTHING;
	}

	#tell(stateVector: Uint8Array): void {
		const { pending, connection } = this.#parts;
		if (!connection.send(encodeSync(SYNC.step2, this.#missing(stateVector)))) return;
		this.#count += 1;
		this.#answer ??= { count: this.#count, isAcked: false };
		this.#hasAnswered = true;
		pending.sentAll(this.#count);
		this.#events.onPendingChange();
	}

	#receiveAck({ count, seq }: Ack): void {
		this.#seq = Math.max(this.#seq, seq);
		this.#parts.connection.noteAccepted();
		this.#parts.kept.forgetUnsent(this.#parts.pending.acked(count));
		if (this.#answer && this.#answer.count <= count) this.#answer.isAcked = true;
		this.#noteHeld();
		this.#events.onPendingChange();
	}

	readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
		const { pending, connection, kept, keptOrigin } = this.#parts;
		if (origin === keptOrigin) return;
		if (origin === this) return kept.keep(update);
		const key = kept.keepUnsent(update);
		// before the answer an edit would build on what the server may lack; the answer brings it
		const isSent = this.#hasAnswered && connection.send(encodeSync(SYNC.update, update));
		if (isSent) this.#count += 1;
		pending.add({ intent: this.#intent, count: isSent ? this.#count : undefined, key });
		this.#events.onPendingChange();
	};

	readonly #onAwareness = ({ added, updated, removed }: AwarenessChange, origin: unknown): void => {
		const own = this.#parts.replica.awareness.clientID;
		if (origin !== this && [...added, ...updated, ...removed].includes(own)) this.#sendOwnAwareness();
	};

	#sendOwnAwareness(): void {
		const { awareness } = this.#parts.replica;
		this.#parts.connection.send(encodeAwareness(encodeAwarenessUpdate(awareness, [awareness.clientID])));
	}

	/** Leaves the replica alone; whoever is here hears that this client left. */
	destroy(): void {
		const { doc, awareness } = this.#parts.replica;
		removeAwarenessStates(awareness, [awareness.clientID], 'leaving');
		doc.off('update', this.#onUpdate);
		awareness.off('update', this.#onAwareness);
	}
}
