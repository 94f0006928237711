import { encodeJson, MESSAGE, type SettledClash } from '#protocol/message.ts';
import type { RoomRegistry } from './room-registry.ts';

/** Tells those who are on a board that somebody has said what is to become of clashes there. */
export function tellSettled(rooms: RoomRegistry, boardId: string, settled: readonly SettledClash[]): void {
	const frame = encodeJson(MESSAGE.settled, settled);
	for (const room of rooms.open()) {
		if (room.boardId !== boardId) continue;
		for (const session of room.sessions) session.sendOwn(frame);
	}
}
