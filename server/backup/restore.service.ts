import { existsSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Refusal } from '#domain/refusal.ts';
import { createServices } from '#server/app.ts';
import type { Who } from '#server/audit/who.ts';
import { deleteAllSessions } from '#server/auth/session.repository.ts';
import type { Config } from '#server/config.ts';
import { prepareDataDir } from '#server/data-dir.ts';
import {
	checkDatabaseFile,
	copyDatabaseFile,
	databasePathOf,
	replaceDatabaseFile
} from '#server/database/database-file.ts';
import { claimDatabase, openDatabase } from '#server/database/open.ts';
import { takeOver, type TakenOver } from '#server/database/replaced-database.ts';

export interface Restored {
	/** Where the database that was there before is kept; null = there was none. */
	keptAs: string | null;
	/** Whether its audit went into the restored one. */
	hasAudit: boolean;
}

/**
 * Puts a backup in the place of an SQLite database that no server is running on. The database before is kept beside it.
 * Every board begins a new epoch, so that clients with newer state are told so (close code 4409) instead of being merged;
 * everybody signs in again, because a session that ended since the backup must not begin again.
 * @throws {StartError} if a server runs; {Refusal} if the file is not a whole database of this program
 */
export async function restore(config: Config, file: string, who: Who): Promise<Restored> {
	const path = databasePathOf(config.databaseUrl);
	if (resolve(file) === resolve(path)) throw new Refusal('bad-request', `${file} is the database itself`);
	prepareDataDir(config);
	const lock = claimDatabase(config.databaseUrl);
	const prepared = `${path}.restoring`;
	try {
		await copyChecked(file, prepared);
		const taken = takeOver(path, prepared);
		await prepare(prepared, taken, { config, file, who });
		const keptAs = existsSync(path) ? freeName(path) : null;
		replaceDatabaseFile(path, { by: prepared, keptAs: keptAs ?? '' });
		return { keptAs, hasAudit: taken.hasAudit };
	} finally {
		for (const leftover of [prepared, `${prepared}-wal`, `${prepared}-shm`])
			rmSync(leftover, { force: true });
		lock?.release();
	}
}

/** The check is of the copy, so that nothing is left beside the backup. @throws {Refusal} naming the backup */
async function copyChecked(file: string, to: string): Promise<void> {
	if (!existsSync(file)) throw new Refusal('bad-request', `there is no file ${file}`);
	try {
		await copyDatabaseFile(file, to);
		checkDatabaseFile(to);
	} catch (error) {
		throw new Refusal('bad-request', `${file}: ${(error as Error).message}`, { cause: error });
	}
}

/** `x.sqlite` → `x.sqlite.before-2026-11-24T09-30-00-000Z`. */
function freeName(path: string): string {
	return `${path}.before-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
}

/** Brings the copy to this program's schema and closes it to what was open when the backup was made. */
async function prepare(
	path: string,
	{ highestEpoch }: TakenOver,
	{ config, file, who }: { config: Config; file: string; who: Who }
): Promise<void> {
	const connection = await openDatabase(`sqlite:${path}`);
	try {
		const { audit, boards, journal } = await createServices(config, connection);
		const ids = (await boards.listAll()).map(({ id }) => id);
		// a database lost before this one may have known any epoch, but none above the seconds since 1970
		const above = Math.max(highestEpoch, await journal.highestEpoch(), Math.floor(Date.now() / 1_000));
		await connection.db.transaction().execute(async (trx) => {
			await journal.beginEpoch(trx, ids, above);
			await deleteAllSessions(trx);
			await audit.record({ who, action: 'restore', object: { file: basename(file) } }, trx);
		});
	} finally {
		await connection.db.destroy();
	}
}
