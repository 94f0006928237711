/** Every bound of the sync server, with its unit. All are in force by default. */
export interface SyncLimits {
	/** One websocket frame. */
	frameBytes: number;
	/** One update inside of it. */
	updateBytes: number;
	/** One person's awareness state. */
	awarenessStateBytes: number;
	/** Yjs clients one connection may speak for in awareness. */
	awarenessClients: number;
	/** Messages of one connection: this many at once, refilled at the rate. */
	messageBurst: number;
	messagesPerSecond: number;
	/** Unsent bytes at which a reader is too slow. */
	bufferedBytes: number;
	socketsPerUser: number;
	socketsPerAddress: number;
	/** From the upgrade request to the open socket. */
	upgradeMs: number;
	/** How often rights of open sockets are looked up again. */
	recheckMs: number;
	/** How long a room without people stays in memory. */
	idleRoomMs: number;
	/** Entries after which a new snapshot is worth its cost. */
	snapshotEntries: number;
}

export const SYNC_LIMITS: SyncLimits = {
	frameBytes: 16 << 20,
	updateBytes: 15 << 20,
	awarenessStateBytes: 4 << 10,
	awarenessClients: 4,
	messageBurst: 2_000,
	messagesPerSecond: 500,
	bufferedBytes: 64 << 20,
	socketsPerUser: 50,
	socketsPerAddress: 1_000,
	upgradeMs: 10_000,
	recheckMs: 1_000,
	idleRoomMs: 30_000,
	snapshotEntries: 500
};
