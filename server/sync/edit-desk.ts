import { Refusal } from '#domain/refusal.ts';
import type { EditsForSomebody } from '#server/history/restore.service.ts';
import type { Edit } from './intake.ts';
import type { Room } from './room.ts';
import type { RoomRegistry } from './room-registry.ts';
import { inTurns } from './turns.ts';

/** Where services hand in edits they made for somebody: into the room, in front of everybody who is there. */
export class EditDesk {
	readonly #rooms: RoomRegistry;
	constructor(rooms: RoomRegistry) {
		this.#rooms = rooms;
	}

	/**
	 * Hands edits in, one after the other with nothing between them.
	 * @returns the number of the last one's entry, once all are committed
	 * @throws {Refusal} `old-epoch` if the board they were made for is not this one any more; whatever an edit is refused for
	 */
	async handIn(boardId: string, { author, epoch, updates, alongside }: EditsForSomebody): Promise<number> {
		const { room, giveBack } = await this.#rooms.enter(boardId);
		try {
			if (room.epoch !== epoch)
				throw new Refusal('old-epoch', `board ${boardId} is at epoch ${room.epoch}, not ${epoch}`);
			return await takeIn(
				room,
				updates.map((update, index) =>
					// the record of the act stands with its first entry
					({ author, update, ...(index === 0 && { alongside }) })
				)
			);
		} finally {
			giveBack();
		}
	}
}

/** What was taken in before a refusal stands, and is waited for. */
async function takeIn(room: Room, edits: readonly Edit[]): Promise<number> {
	let committed: Promise<number> | undefined;
	const takeAll = async () => {
		for (const edit of edits) await inTurns(room.edit(edit));
	};
	try {
		await room.lane.run(() => takeAll().finally(() => (committed = room.whenCommitted())));
	} catch (error) {
		await Promise.allSettled([committed]);
		throw error;
	}
	return committed!;
}
