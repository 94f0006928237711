import type { RecordedChange } from '#domain/change.ts';
import { encodeJson, MESSAGE, type SettledClash } from '#protocol/message.ts';
import type { RoomRegistry } from './room-registry.ts';

/** Tells those who are on a board that somebody has said what is to become of clashes there. */
export function tellSettled(rooms: RoomRegistry, boardId: string, settled: readonly SettledClash[]): void {
	tell(rooms, boardId, encodeJson(MESSAGE.settled, settled));
}

/** Tells them what has been done about the board without changing it. */
export function tellActs(rooms: RoomRegistry, boardId: string, acts: readonly RecordedChange[]): void {
	tell(rooms, boardId, encodeJson(MESSAGE.changes, acts));
}

function tell(rooms: RoomRegistry, boardId: string, frame: Uint8Array): void {
	for (const room of rooms.open()) {
		if (room.boardId !== boardId) continue;
		for (const session of room.sessions) session.sendOwn(frame);
	}
}
