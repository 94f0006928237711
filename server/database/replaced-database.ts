import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** What is taken over from a database before another takes its place. */
export interface TakenOver {
	/** The highest epoch of a board it knew; 0 where there is none or it cannot be read. */
	highestEpoch: number;
	/** Whether its audit was taken over whole. */
	hasAudit: boolean;
}

/**
 * Takes over into a database file what must outlive the one it is to replace: the audit, which nobody may erase. A
 * replaced database that is broken takes part as far as it can be read.
 * @param replaced need not exist
 */
export function takeOver(replaced: string, into: string): TakenOver {
	if (!existsSync(replaced)) return { highestEpoch: 0, hasAudit: true };
	const database = new DatabaseSync(into);
	try {
		database.prepare('ATTACH DATABASE ? AS replaced').run(replaced);
		return { highestEpoch: readHighestEpoch(database), hasAudit: copyAudit(database) };
	} catch {
		return { highestEpoch: 0, hasAudit: false };
	} finally {
		database.close();
	}
}

function readHighestEpoch(database: DatabaseSync): number {
	try {
		const row = database.prepare('SELECT max(epoch) AS epoch FROM replaced.board').get();
		return Number(row?.epoch ?? 0);
	} catch {
		return 0;
	}
}

function copyAudit(database: DatabaseSync): boolean {
	const columns = 'id, at, actor_id, session_id, address, action, object, result';
	try {
		database.exec(`INSERT OR IGNORE INTO audit (${columns}) SELECT ${columns} FROM replaced.audit`);
		return true;
	} catch {
		return false;
	}
}
