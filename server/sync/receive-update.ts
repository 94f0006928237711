import { Refusal, type RefusalCode } from '#domain/refusal.ts';
import type { Steps } from '#doc/steps.ts';
import { encodeRefused, SYNC } from '#protocol/message.ts';
import type { SyncDeps } from './deps.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';

/** Nothing is wrong with the update: the client comes back later, sends it again and loses nothing. */
const PASSING: readonly RefusalCode[] = ['storage-failed', 'too-fast'];

/** Nothing of this client can be taken, whatever it sends: it is closed, also where it understands refusals. */
const ENDING: readonly RefusalCode[] = [...PASSING, 'old-epoch'];

/**
 * Takes an update of a client in, or refuses all of it.
 * A gap is answered with a question for what is missing. A client that understands refusals is told and stays; any
 * other is closed.
 * @throws {Refusal} for a client that did not say hello
 */
export function* receiveUpdate(
	room: Room,
	session: Session,
	{ kind, update }: { kind: typeof SYNC.step2 | typeof SYNC.update; update: Uint8Array },
	deps: Pick<SyncDeps, 'limits' | 'log' | 'audit' | 'noteRefused'>
): Steps<void> {
	const count = ++session.updatesReceived;
	if (session.isRefused) return;
	try {
		const isKnown = yield* whileSound(room, room.receive(session, update, count));
		if (kind === SYNC.step2) noteAnswered(session, count);
		if (isKnown) room.ackWhenCommitted(session, count);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		if (error.code === 'gap' && mayAskAgain(session, kind, deps.limits.gapsInAnswers)) {
			if (kind === SYNC.step2 || !session.isBehind) room.greeter.askForMissing(session);
			if (!session.isBehind)
				deps.log.info({ board: session.boardId, user: session.who.userId }, error.message);
			session.isBehind = true;
			return;
		}
		if (!session.greeted || ENDING.includes(error.code)) throw error;
		refuse(session, count, error);
		recordRefusal(deps, session, error);
	}
}

/** Between two steps a room may be given up. */
function* whileSound<T>(room: Room, steps: Steps<T>): Steps<T> {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
		yield;
		if (room.isFailed) throw new Refusal('storage-failed', 'the room was given up meanwhile');
	}
}

/**
 * One line in the log, one record in the audit and word to the history for what was refused, whoever finds it: the update itself, or the
 * edge that closes the connection. Trouble of the server's own is nobody's act.
 */
export function recordRefusal(
	{ log, audit, noteRefused }: Pick<SyncDeps, 'log' | 'audit' | 'noteRefused'>,
	{ boardId, who, actor }: Session,
	{ code, path, message }: Refusal
): void {
	const where = { board: boardId, user: who.userId, code, path: path.join('.') };
	log.info(where, message);
	if (code === 'storage-failed') return;
	noteRefused({ boardId, actorId: actor.userId, code, path });
	const object = { board: boardId, path: path.length > 0 ? path.join('/') : null };
	audit({ who, action: 'update', object, result: code }).catch((error: unknown) =>
		log.error({ ...where, err: error }, 'a refusal could not be recorded')
	);
}

/** An answer holds all that the client has: what was missing before is in it. */
function noteAnswered(session: Session, count: number): void {
	session.gapsInAnswers = 0;
	if (!session.isBehind) return;
	session.isBehind = false;
	session.ackFrom = count;
}

/** Whether a gap is worth a question: one is under way for all gaps until its answer, but not for ever. */
function mayAskAgain(session: Session, kind: number, gapsMax: number): boolean {
	if (kind === SYNC.step2) session.gapsInAnswers += 1;
	return session.gapsInAnswers < gapsMax;
}

function refuse(session: Session, count: number, error: Refusal): void {
	session.isRefused = true;
	session.send(encodeRefused({ count, code: error.code, path: [...error.path], message: error.message }));
}
