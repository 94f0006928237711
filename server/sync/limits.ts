import { UPDATE_MAX_BYTES } from '#domain/limits.ts';

/** What a frame says before an update: type, kind and length. */
const FRAME_HEAD_BYTES = 16;

/** Every bound of the sync server, with its unit. All are in force by default. */
export interface SyncLimits {
	/** One websocket frame, or one message in fragments. */
	frameBytes: number;
	/** One update inside of it. */
	updateBytes: number;
	/** One state vector inside of it. */
	stateVectorBytes: number;
	/** Yjs clients that write for the first time in one update. */
	newClientsPerUpdate: number;
	/** The same of one person on one board, whatever the connection: at once, and refilled at the rate. */
	newClientsBurst: number;
	newClientsPerSecond: number;
	/** One awareness message; the usual client sends those of all others back. */
	awarenessBytes: number;
	/** Yjs clients one awareness message may name: everybody who is here, where the usual client sends them back. */
	awarenessEntries: number;
	/** One person's awareness state. */
	awarenessStateBytes: number;
	/** Yjs clients one connection may speak for in awareness. */
	awarenessClients: number;
	/** How long awareness is gathered before all hear of it. */
	awarenessWindowMs: number;
	/** What one connection may cost at once, refilled at the rate: a message costs 1, and 1 for each KiB. */
	messageBurst: number;
	messagesPerSecond: number;
	/** What a sync step 1 costs, because its answer is looked up in the whole document. */
	step1Cost: number;
	/** An answer for one connection alone costs 1 for each KiB, but no more than this: a large board must open. */
	answerCostMax: number;
	/** Times in a row that a client may answer the question for what is missing with something that does not fit. */
	gapsInAnswers: number;
	/** Unsent bytes, beyond the largest frame so far, at which a reader is too slow. */
	bufferedBytes: number;
	socketsPerUser: number;
	socketsPerAddress: number;
	/** From the upgrade request to the open socket. */
	upgradeMs: number;
	/** How long the end of the server waits for a database that does not answer. */
	settleMs: number;
	/** How long the other side may take to answer a close before it is cut off. */
	closeMs: number;
	/** Each connection is pinged so often; without a sign of life in between it is cut off. */
	heartbeatMs: number;
	/** How often rights of open sockets, and boards in memory, are looked up again. */
	recheckMs: number;
	/** A board that everybody left is compacted if its document is larger than this, */
	compactionBytes: number;
	/** and so many times larger than a fresh one of the same content; */
	compactionTimes: number;
	/** or if more Yjs clients than this have written on it: what each edit costs, here and in every browser, grows with them. */
	compactionClients: number;
	/** How long a room without people stays in memory. */
	idleRoomMs: number;
	/** How long after the last edit a board's document, which only who writes needs, is let go. */
	quietDocumentMs: number;
	/** How long after a commit those who keep copies hear at the latest how far theirs is. */
	catchUpNoteMs: number;
	/** Entries that may follow a snapshot when a board is opened, and that somebody who comes back is sent one by one. */
	tailEntries: number;
	tailBytes: number;
	/** Entries, or bytes of them, after which a new snapshot is worth its cost. */
	snapshotEntries: number;
	snapshotBytes: number;
	/** And how long after the last one at the earliest. */
	snapshotPauseMs: number;
}

export const SYNC_LIMITS: SyncLimits = {
	frameBytes: UPDATE_MAX_BYTES + FRAME_HEAD_BYTES,
	updateBytes: UPDATE_MAX_BYTES,
	stateVectorBytes: 1 << 20,
	newClientsPerUpdate: 500,
	newClientsBurst: 2_000,
	newClientsPerSecond: 1,
	awarenessBytes: 1 << 20,
	awarenessEntries: 5_000,
	awarenessStateBytes: 4 << 10,
	awarenessClients: 4,
	awarenessWindowMs: 40,
	messageBurst: 6_000,
	messagesPerSecond: 500,
	step1Cost: 40,
	answerCostMax: 2_000,
	gapsInAnswers: 3,
	bufferedBytes: 16 << 20,
	socketsPerUser: 50,
	socketsPerAddress: 1_000,
	upgradeMs: 10_000,
	settleMs: 5_000,
	closeMs: 5_000,
	heartbeatMs: 15_000,
	recheckMs: 1_000,
	idleRoomMs: 30_000,
	compactionBytes: 1 << 20,
	compactionTimes: 3,
	compactionClients: 2_000,
	quietDocumentMs: 60_000,
	catchUpNoteMs: 1_000,
	tailEntries: 2_000,
	tailBytes: 1 << 20,
	snapshotEntries: 500,
	snapshotBytes: 1 << 20,
	snapshotPauseMs: 10_000
};
