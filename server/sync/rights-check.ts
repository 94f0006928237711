import type { SyncDeps } from './deps.ts';
import type { Session } from './session.ts';

/** Sessions looked up beside each other, so that a far database does not add its latencies up. */
const AT_ONCE = 16;

/** Looks the rights of open sockets up again and again, so that a change takes effect on them. */
export class RightsCheck {
	readonly #deps: SyncDeps;
	readonly #sessions: () => Iterable<Session>;
	readonly #timer: NodeJS.Timeout;
	#isBusy = false;

	constructor(deps: SyncDeps, sessions: () => Iterable<Session>) {
		this.#deps = deps;
		this.#sessions = sessions;
		this.#timer = setInterval(() => void this.#checkAll(), deps.limits.recheckMs);
		this.#timer.unref();
	}

	async #checkAll(): Promise<void> {
		if (this.#isBusy) return;
		this.#isBusy = true;
		const waiting = [...this.#sessions()];
		const lane = async () => {
			for (let session = waiting.pop(); session; session = waiting.pop()) await this.#check(session);
		};
		await Promise.all(Array.from({ length: AT_ONCE }, lane));
		this.#isBusy = false;
	}

	async #check(session: Session): Promise<void> {
		try {
			if (!(await this.#deps.isSignedIn(session.actor))) return session.close('signed-out');
			const role = await this.#deps.roleOn(session.actor, session.boardId);
			if (role) session.role = role;
			else session.close('no-access');
		} catch (error) {
			this.#deps.log.error({ err: error, user: session.actor.userId }, 'rights could not be looked up');
		}
	}

	close(): void {
		clearInterval(this.#timer);
	}
}
