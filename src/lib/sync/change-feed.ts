import * as decoding from 'lib0/decoding';
import type { RecordedChange } from '#domain/change.ts';
import type { CloseReason } from '#protocol/close-code.ts';
import { decodeHello, decodeJson, encodeHello, MESSAGE, PROTOCOL_VERSION } from '#protocol/message.ts';
import { Connection } from './connection.ts';
import { probeAccess } from './probe-access.ts';
import { syncAddress } from './sync-address.ts';

export interface ChangeFeedEvents {
	/** The line is there, again perhaps: from here on every change after `seq` is told. */
	onJoined(seq: number): void;
	/** Just committed; notes of a sitting that goes on come again under the number of their row. */
	onChanges(changes: RecordedChange[]): void;
	/** The server ended it for good. */
	onEnded(reason: CloseReason): void;
}

/** Hears what changes on a board as it is committed, without holding the board and without being seen on it. */
export class ChangeFeed {
	readonly #events: ChangeFeedEvents;
	readonly #connection: Connection;

	constructor(boardId: string, events: ChangeFeedEvents) {
		this.#events = events;
		this.#connection = new Connection(syncAddress(boardId), {
			onOpen: () => this.#greet(),
			onFrame: (frame) => this.#receive(frame),
			onLost: () => {},
			onEnded: (reason) => events.onEnded(reason),
			probe: () => probeAccess(boardId)
		});
	}

	start(): void {
		this.#connection.start();
	}

	stop(): void {
		this.#connection.stop();
	}

	/** As one who has nothing yet: there is no copy here that could be of an older epoch. */
	#greet(): void {
		this.#connection.send(encodeHello({ version: PROTOCOL_VERSION, epoch: 0, seq: 0 }));
	}

	#receive(frame: Uint8Array): void {
		const decoder = decoding.createDecoder(frame);
		const type = decoding.readVarUint(decoder);
		if (type === MESSAGE.hello) this.#events.onJoined(decodeHello(decoder).seq);
		else if (type === MESSAGE.changes) this.#events.onChanges(decodeJson<RecordedChange[]>(decoder));
	}
}
