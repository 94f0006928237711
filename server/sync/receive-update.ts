import { Refusal } from '#domain/refusal.ts';
import { encodeRefused } from '#protocol/message.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';

/**
 * Takes an update of a client in, or refuses all of it.
 * A gap is answered with a question for what is missing. A client that understands refusals is told and stays; any
 * other is closed.
 * @throws {Refusal} for a client that did not say hello
 */
export function receiveUpdate(room: Room, session: Session, update: Uint8Array): void {
	const count = ++session.updatesReceived;
	if (session.isRefused) return;
	try {
		room.receive(session, update, count);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		if (error.code === 'gap') return room.askForMissing(session);
		if (!session.greeted) throw error;
		session.isRefused = true;
		session.send(encodeRefused({ count, code: error.code, path: [...error.path], message: error.message }));
	}
}
