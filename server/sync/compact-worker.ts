import { parentPort, workerData } from 'node:worker_threads';
import { AuditService } from '#server/audit/audit.service.ts';
import { SYSTEM } from '#server/audit/who.ts';
import { connect } from '#server/database/connect.ts';
import { compactOnce } from '#server/journal/compact.ts';
import { Journal } from '#server/journal/journal.ts';
import type { CompactionOrder } from './compactor.ts';

// A thread with a database connection of its own: a large board takes longer than anybody else should wait.

const { databaseUrl, boardId, rule } = workerData as CompactionOrder;
const { db } = connect(databaseUrl);
const audit = new AuditService(db);
try {
	const found = await compactOnce(new Journal(db), boardId, {
		rule,
		alongside: (trx) =>
			audit.record({ who: SYSTEM, action: 'board-compact', object: { board: boardId } }, trx)
	});
	parentPort!.postMessage(found);
} finally {
	await db.destroy();
}
