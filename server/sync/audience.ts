import * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { type Clash, encodeJson, encodeSync, MESSAGE, SYNC } from '#protocol/message.ts';
import type { Uncommitted } from './intake.ts';
import type { Session } from './session.ts';
import { nextTurn } from './turns.ts';
import { spliceUpdates } from './splice-updates.ts';

/** To join a larger one with others costs more than a frame of its own. */
const JOINED_MAX_BYTES = 64 << 10;
/** Rows of the history in one frame; between two frames others have their turn. */
const ROWS_A_FRAME = 256;

/** An update that is committed, and whose it is. */
type Told = Pick<Uncommitted, 'update' | 'parts' | 'message'>;

/** The connections of a room, and what all or some of them are told. */
export class Audience {
	readonly sessions = new Set<Session>();
	/** Portions of rows on their way to everybody. */
	readonly #untold: (readonly RecordedChange[])[] = [];

	/** Does something that tells everybody several things: each connection gets all of it in one write. */
	atOnce(tell: () => void): void {
		const held = [...this.sessions];
		for (const session of held) session.hold();
		try {
			tell();
		} finally {
			for (const session of held) session.release();
		}
	}

	tellAll(frame: Uint8Array): void {
		for (const session of this.sessions) session.send(frame);
	}

	/** One frame a window, but that large updates go alone. */
	tellUpdates(done: readonly Told[]): void {
		let small: Told[] = [];
		for (const told of done) {
			if (told.update.byteLength <= JOINED_MAX_BYTES) small.push(told);
			else {
				this.#tellTogether(small);
				this.#tellTogether([told]);
				small = [];
			}
		}
		this.#tellTogether(small);
	}

	/** One frame for all but a lone writer; among several each also gets its own back, which costs less. */
	#tellTogether(done: readonly Told[]): void {
		if (done.length === 0) return;
		const frame = encodeSync(SYNC.update, joined(done));
		const writers = new Set(done.map(({ message }) => message?.session));
		for (const session of this.sessions) {
			if (writers.size > 1 || !writers.has(session)) session.send(frame);
		}
	}

	/** Rows of the history, in the order of their entries. */
	tellChanges(changes: readonly RecordedChange[]): void {
		const isFree = this.#untold.length === 0;
		for (let start = 0; start < changes.length; start += ROWS_A_FRAME)
			this.#untold.push(changes.slice(start, start + ROWS_A_FRAME));
		if (isFree) void this.#tellPortions();
	}

	async #tellPortions(): Promise<void> {
		for (let portion = this.#untold[0]; portion; portion = this.#untold[0]) {
			const frame = encodeJson(MESSAGE.changes, portion);
			for (const session of this.sessions) session.sendOwn(frame);
			if (this.#untold.length > 1) await nextTurn();
			this.#untold.shift();
		}
	}

	/** A clash concerns the two whose values it is about. */
	tellClashes(clashes: readonly Clash[]): void {
		for (const clash of clashes) {
			const frame = encodeJson(MESSAGE.clash, clash);
			const isMeant = (userId: string) =>
				userId === clash.standing.actorId || userId === clash.incoming.actorId;
			for (const session of this.sessions) if (isMeant(session.actor.userId)) session.sendOwn(frame);
		}
	}
}

/** One update for all of a window. Those that repeat something are left to Yjs, which takes longer over it. */
function joined(done: readonly Told[]): Uint8Array {
	const updates = done.map(({ update }) => update);
	if (updates.length === 1) return updates[0]!;
	return spliceUpdates(done.map(({ parts }) => parts)) ?? Y.mergeUpdates(updates);
}
