import type { SyncDeps } from './deps.ts';
import type { Session } from './session.ts';

/** Looks the rights of open connections up again, so that a change takes effect on them. */
export class RightsCheck {
	readonly #deps: Pick<SyncDeps, 'standing' | 'log'>;
	constructor(deps: Pick<SyncDeps, 'standing' | 'log'>) {
		this.#deps = deps;
	}

	/** All at once: a look-up for each, one after the other, would hold up everybody's edits once a second. */
	async check(open: Iterable<Session>): Promise<void> {
		const sessions = [...open];
		if (sessions.length === 0) return;
		try {
			const standings = await this.#deps.standing(sessions);
			for (const [index, session] of sessions.entries()) {
				const { isSignedIn, role } = standings[index]!;
				if (!isSignedIn) session.close('signed-out');
				else if (role) session.role = role;
				else session.close('no-access');
			}
		} catch (error) {
			this.#deps.log.error({ err: error }, 'rights could not be looked up');
		}
	}
}
