import { Batch } from '#server/database/batch.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { SyncDeps } from './deps.ts';
import { Room } from './room.ts';

/** A room in memory and how many want it there. */
interface Held {
	readonly opening: Promise<Room>;
	room: Room | undefined;
	holders: number;
	timer: NodeJS.Timeout | undefined;
}
/** A place in a room; the room stays in memory until it is given back. */
export interface Place {
	room: Room;
	giveBack(): void;
}

/** The boards that somebody is on; each is opened once and let go a while after the last person left. */
export class RoomRegistry {
	readonly #deps: SyncDeps;
	readonly #rooms = new Map<string, Held>();
	readonly #statuses = new Batch(async (ids: readonly string[]) => {
		const statuses = await this.#deps.journal.statuses([...new Set(ids)]);
		return ids.map((id) => statuses.get(id));
	});
	constructor(deps: SyncDeps) {
		this.#deps = deps;
	}

	/**
	 * A place in the room of a board, which is opened from its journal if nobody is there yet.
	 * @throws if the board cannot be read whole; the next call tries again
	 */
	async enter(boardId: string): Promise<Place> {
		for (;;) {
			const isKnown = this.#rooms.has(boardId);
			const place = await this.#take(boardId);
			if (!isKnown || (await this.#isCurrent(place.room))) return place;
			place.giveBack();
		}
	}

	/** A room that was there already may be of a board that was put back a moment ago. */
	async #isCurrent(room: Room): Promise<boolean> {
		room.noteStatus(await this.#statuses.add(room.boardId));
		return !room.isFailed;
	}

	async #take(boardId: string): Promise<Place> {
		const held = this.#rooms.get(boardId) ?? this.#open(boardId);
		clearTimeout(held.timer);
		held.holders += 1;
		const room = await held.opening;
		let isGiven = false;
		const giveBack = () => {
			if (isGiven) return;
			isGiven = true;
			held.holders -= 1;
			this.#releaseLater(room, held);
		};
		return { room, giveBack };
	}

	#open(boardId: string): Held {
		const forget = () => this.#forget(boardId, held);
		const opening = this.#load(boardId, forget);
		const held: Held = { opening, room: undefined, holders: 0, timer: undefined };
		this.#rooms.set(boardId, held);
		opening.then((room) => (held.room = room), forget);
		return held;
	}

	async #load(boardId: string, onFailed: () => void): Promise<Room> {
		await this.#deps.commits.written(); // a room that failed may have left entries on their way
		const { tailEntries: entries, tailBytes: bytes } = this.#deps.limits;
		const board = await this.#deps.journal.open(boardId, { entries, bytes });
		const owners = await this.#deps.journal.clientOwners(boardId);
		return new Room(boardId, { ...board, owners }, this.#deps, onFailed);
	}

	/** The rooms that are open. */
	*open(): Generator<Room> {
		for (const { room } of this.#rooms.values()) if (room) yield room;
	}

	/** Lets go what nobody needed for a while. */
	rest(): void {
		for (const room of this.open()) void room.restIfQuiet();
	}

	#forget(boardId: string, held: Held): void {
		if (this.#rooms.get(boardId) === held) this.#rooms.delete(boardId);
	}

	#releaseLater(room: Room, held: Held): void {
		if (held.holders > 0 || this.#rooms.get(room.boardId) !== held) return;
		clearTimeout(held.timer);
		held.timer = setTimeout(() => this.#release(room, held), this.#deps.limits.idleRoomMs);
		held.timer.unref();
	}

	#release(room: Room, held: Held): void {
		if (held.holders > 0) return;
		const isDone = room.lane.isFree && room.isSettled;
		if (!isDone && !room.isFailed) return this.#releaseLater(room, held);
		void this.#store(room);
		this.#forget(room.boardId, held);
		room.destroy();
	}

	/** Stores what a room that is let go has, and where nobody is on any board, gives back what all that has taken. */
	async #store(room: Room): Promise<void> {
		await room.takeSnapshot();
		await this.#deps.compactor.consider(room.boardId, room.storedState);
		if (this.#rooms.size === 0) collectGarbage();
	}

	/** Resolves when everything that came to the rooms is taken in or refused. */
	async whenFree(): Promise<void> {
		await Promise.all(Array.from(this.open(), (room) => room.lane.whenFree()));
	}

	/** Stops waiting and stores what every room has; nothing may be on its way into the journal any more. */
	async close(): Promise<void> {
		for (const { timer } of this.#rooms.values()) clearTimeout(timer);
		const opened = await Promise.allSettled([...this.#rooms.values()].map(({ opening }) => opening));
		await Promise.all(
			opened.map((result) => (result.status === 'fulfilled' ? result.value.takeSnapshot() : undefined))
		);
	}
}
