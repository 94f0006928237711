import { parentPort, workerData } from 'node:worker_threads';
import { BoardReader } from '#server/boards/board-reader.ts';
import { connect } from '#server/database/connect.ts';
import { Journal } from '#server/journal/journal.ts';
import { BoardsInTime } from './boards-in-time.ts';
import type { CheckpointOrder } from './checkpoint-keeper.ts';
import { Checkpoints } from './checkpoints.ts';
import { PastBoards } from './past-boards.ts';

// A thread with a database connection of its own: a large board takes longer than anybody else should wait.

const { databaseUrl, boardId } = workerData as CheckpointOrder;
const { db } = connect(databaseUrl);
try {
	const journal = new Journal(db);
	const parts = { db, journal, boardReader: new BoardReader(journal), pastBoards: new PastBoards(journal) };
	const checkpoints = new Checkpoints({ db, journal, boards: new BoardsInTime(parts) });
	let made = 0;
	while ((await checkpoints.makeNext(boardId)) !== undefined) made += 1;
	parentPort!.postMessage(made);
} finally {
	await db.destroy();
}
