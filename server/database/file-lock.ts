import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from '#server/make-folder.ts';

const SQLITE_BUSY = 5;

/** A lock on a file that ends with the process, however that ends. */
export interface FileLock {
	release(): void;
}

/**
 * Takes a lock that one process at a time can hold: SQLite's own exclusive lock on a file of its own.
 * @param waitMs how long to wait for another holder
 * @returns undefined if another process holds it
 * @throws if the file cannot be made
 */
export function lockFile(path: string, waitMs = 0): FileLock | undefined {
	makeFolder(dirname(path));
	const connection = new DatabaseSync(path, { timeout: waitMs });
	try {
		connection.exec('BEGIN EXCLUSIVE');
	} catch (error) {
		connection.close();
		if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined;
		throw error;
	}
	return { release: () => connection.close() };
}
