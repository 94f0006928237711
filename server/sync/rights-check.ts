import type { SyncDeps } from './deps.ts';
import type { Session } from './session.ts';

/** Sessions looked up beside each other, so that a far database does not add its latencies up. */
const AT_ONCE = 16;

/** Looks the rights of open connections up again, so that a change takes effect on them. */
export class RightsCheck {
	readonly #deps: SyncDeps;
	constructor(deps: SyncDeps) {
		this.#deps = deps;
	}

	async check(sessions: Iterable<Session>): Promise<void> {
		const waiting = [...sessions];
		const lane = async () => {
			for (let session = waiting.pop(); session; session = waiting.pop()) await this.#checkOne(session);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, lane));
	}

	async #checkOne(session: Session): Promise<void> {
		try {
			if (!(await this.#deps.isSignedIn(session.actor))) return session.close('signed-out');
			const role = await this.#deps.roleOn(session.actor, session.boardId);
			if (role) session.role = role;
			else session.close('no-access');
		} catch (error) {
			this.#deps.log.error({ err: error, user: session.actor.userId }, 'rights could not be looked up');
		}
	}
}
