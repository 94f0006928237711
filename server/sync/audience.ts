import * as Y from 'yjs';
import type { RecordedChange } from '#domain/change.ts';
import { type Clash, encodeJson, encodeSync, MESSAGE, SYNC } from '#protocol/message.ts';
import type { Session } from './session.ts';

/** The connections of a room, and what all or some of them are told. */
export class Audience {
	readonly sessions = new Set<Session>();

	tellAll(frame: Uint8Array): void {
		for (const session of this.sessions) session.send(frame);
	}

	/** One frame a window for all but a lone writer; among several each also gets its own back, which costs less. */
	tellUpdates(done: readonly { update: Uint8Array; session: Session | null }[]): void {
		const updates = done.map(({ update }) => update);
		const frame = encodeSync(SYNC.update, updates.length === 1 ? updates[0]! : Y.mergeUpdates(updates));
		const writers = new Set(done.map(({ session }) => session));
		for (const session of this.sessions) {
			if (writers.size > 1 || !writers.has(session)) session.send(frame);
		}
	}

	tellChanges(changes: readonly RecordedChange[]): void {
		if (changes.length === 0) return;
		const frame = encodeJson(MESSAGE.changes, changes);
		for (const session of this.sessions) session.sendOwn(frame);
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
