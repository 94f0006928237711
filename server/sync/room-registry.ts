import type { SyncDeps } from './deps.ts';
import { Room } from './room.ts';

/** The boards that somebody is on; each is opened once and let go a while after the last person left. */
export class RoomRegistry {
	readonly #deps: SyncDeps;
	readonly #rooms = new Map<string, Promise<Room>>();
	readonly #idleTimers = new Map<string, NodeJS.Timeout>();
	constructor(deps: SyncDeps) {
		this.#deps = deps;
	}

	/**
	 * The room of a board, opened from its journal if nobody is there yet.
	 * @throws if the board cannot be read whole; the next call tries again
	 */
	open(boardId: string): Promise<Room> {
		clearTimeout(this.#idleTimers.get(boardId));
		this.#idleTimers.delete(boardId);
		const known = this.#rooms.get(boardId);
		if (known) return known;
		const opening = this.#load(boardId);
		this.#rooms.set(boardId, opening);
		opening.catch(() => this.#forget(boardId, opening));
		return opening;
	}

	async #load(boardId: string): Promise<Room> {
		const { doc, head, snapshotSeq } = await this.#deps.journal.load(boardId);
		const owners = await this.#deps.journal.clientOwners(boardId);
		const room: Room = new Room(boardId, { doc, head, snapshotSeq, owners }, this.#deps, () =>
			this.#rooms.delete(boardId)
		);
		return room;
	}

	#forget(boardId: string, opening: Promise<Room>): void {
		if (this.#rooms.get(boardId) === opening) this.#rooms.delete(boardId);
	}

	/** Lets a room go after a while, if it is still without people then. */
	releaseLater(room: Room): void {
		if (!room.isIdle) return;
		clearTimeout(this.#idleTimers.get(room.boardId));
		const timer = setTimeout(() => void this.#release(room), this.#deps.limits.idleRoomMs);
		timer.unref();
		this.#idleTimers.set(room.boardId, timer);
	}

	async #release(room: Room): Promise<void> {
		const current = await this.#rooms.get(room.boardId)?.catch(() => undefined);
		if (current !== room || !room.isIdle) return;
		room.takeSnapshot();
		this.#rooms.delete(room.boardId);
		room.destroy();
	}

	/** All rooms that are open. */
	async list(): Promise<Room[]> {
		const settled = await Promise.allSettled(this.#rooms.values());
		return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
	}

	/** Stops all timers. */
	close(): void {
		for (const timer of this.#idleTimers.values()) clearTimeout(timer);
	}
}
