import * as decoding from 'lib0/decoding';
import { applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import * as Y from 'yjs';
import {
	type Ack,
	decodeAck,
	decodeHello,
	decodeJson,
	decodeRefused,
	encodeAwareness,
	encodeHello,
	encodeSync,
	MESSAGE,
	PROTOCOL_VERSION,
	type Refused,
	SYNC
} from '#protocol/message.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Connection } from './connection.ts';
import type { Intent, PendingEdits } from './pending-edits.ts';
import type { Replica } from './replica.ts';

interface SyncClientParts {
	replica: Replica;
	connection: Connection;
	pending: PendingEdits;
	epoch: number;
	/** Transactions of this origin bring in what is kept in the browser: no edits of now. */
	keptOrigin: unknown;
}

export interface SyncClientEvents {
	/** The replica holds all the server had when it answered. */
	onSynced(): void;
	onPendingChange(): void;
	onRefused(refused: Refused): void;
	onChanges(changes: RecordedChange[]): void;
}

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
	#intent: Intent | undefined;

	constructor(parts: SyncClientParts & { seq: number }, events: SyncClientEvents) {
		this.#parts = parts;
		this.#events = events;
		this.#seq = parts.seq;
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
		connection.send(encodeHello({ version: PROTOCOL_VERSION, epoch, seq: this.#seq }));
		connection.send(encodeSync(SYNC.step1, Y.encodeStateVector(replica.doc)));
		this.#sendOwnAwareness();
	}

	/** The line is gone, and with it everybody who was here. */
	lost(): void {
		this.#hasAnswered = false;
		this.#isSynced = false;
		this.#parts.pending.lineLost();
		const { awareness } = this.#parts.replica;
		const others = [...awareness.getStates().keys()].filter((id) => id !== awareness.clientID);
		removeAwarenessStates(awareness, others, this);
	}

	/** Handles one frame of the server; a type of a later version is passed over. */
	receive(frame: Uint8Array): void {
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
			case MESSAGE.refused:
				return this.#events.onRefused(decodeRefused(decoder));
			case MESSAGE.changes:
				return this.#events.onChanges(decodeJson<RecordedChange[]>(decoder));
			default:
				return undefined;
		}
	}

	#receiveSync(decoder: decoding.Decoder): void {
		const kind = decoding.readVarUint(decoder);
		const bytes = decoding.readVarUint8Array(decoder);
		if (kind === SYNC.step1) return this.#answer(bytes);
		Y.applyUpdate(this.#parts.replica.doc, bytes, this);
		if (kind !== SYNC.step2) return undefined;
		this.#isSynced = true;
		return this.#events.onSynced();
	}

	/** Tells the server all it lacks; deletions have no clock, so that they are all in it. */
	#answer(stateVector: Uint8Array): void {
		const { replica, pending, connection } = this.#parts;
		const missing = Y.encodeStateAsUpdate(replica.doc, stateVector);
		if (!connection.send(encodeSync(SYNC.step2, missing))) return;
		this.#count += 1;
		this.#hasAnswered = true;
		pending.sentAll(this.#count);
		this.#events.onPendingChange();
	}

	#receiveAck({ count, seq }: Ack): void {
		this.#seq = Math.max(this.#seq, seq);
		this.#parts.connection.noteAccepted();
		this.#parts.pending.acked(count);
		this.#events.onPendingChange();
	}

	readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
		const { pending, connection, keptOrigin } = this.#parts;
		if (origin === this || origin === keptOrigin) return;
		// before the answer an edit would build on what the server may lack; the answer brings it
		const isSent = this.#hasAnswered && connection.send(encodeSync(SYNC.update, update));
		if (isSent) this.#count += 1;
		pending.add(this.#intent, isSent ? this.#count : undefined);
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
