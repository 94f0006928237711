import type { SyncDeps } from './deps.ts';
import type { Room } from './room.ts';

/** Looks up what the database says of open boards: they can be archived, put back, gone, or written by somebody else. */
export class BoardCheck {
	readonly #deps: Pick<SyncDeps, 'journal' | 'log'>;
	constructor(deps: Pick<SyncDeps, 'journal' | 'log'>) {
		this.#deps = deps;
	}

	async check(open: Iterable<Room>): Promise<void> {
		const rooms = [...open];
		try {
			const statuses = await this.#deps.journal.statuses(rooms.map(({ boardId }) => boardId));
			for (const room of rooms) room.noteStatus(statuses.get(room.boardId));
		} catch (error) {
			this.#deps.log.error({ err: error }, 'boards could not be looked up');
		}
	}
}
