import { chmodSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { Refusal } from '#domain/refusal.ts';
import { databaseKindOf } from './connect.ts';
import { knownMigrations } from './migrations.ts';

/** All pages in one step: in several, a copy starts anew whenever somebody writes in between. */
const ALL_PAGES = 2 ** 31 - 1;
const OWNER_ONLY = 0o600;
/** What SQLite keeps beside a database file. */
const COMPANIONS = ['-wal', '-shm'];

/** Path of an SQLite database. @throws {Refusal} `bad-request` for another kind of database */
export function databasePathOf(databaseUrl: string): string {
	if (databaseKindOf(databaseUrl) !== 'sqlite')
		throw new Refusal('bad-request', 'the database is PostgreSQL: use pg_dump and pg_restore');
	return databaseUrl.replace(/^sqlite:/, '');
}

/**
 * Copies a database to a new file as it is at one moment, although others write meanwhile. A copy that was broken off
 * never bears the new file's name.
 */
export async function copyDatabaseFile(from: string, to: string): Promise<void> {
	const unfinished = `${to}.unfinished`;
	rmSync(unfinished, { force: true });
	const source = new DatabaseSync(from, { readOnly: true });
	try {
		await backup(source, unfinished, { rate: ALL_PAGES });
		chmodSync(unfinished, OWNER_ONLY);
		makeSingleFile(unfinished);
		renameSync(unfinished, to);
	} finally {
		source.close();
		rmSync(unfinished, { force: true });
	}
}

/** Without a write-ahead log a database can be read where nothing can be written. */
function makeSingleFile(path: string): void {
	const database = new DatabaseSync(path);
	database.exec('PRAGMA journal_mode=DELETE');
	database.close();
}

/**
 * Makes sure that a file is a whole database of this program.
 * @throws {Refusal} `bad-request` saying what it is instead
 */
export function checkDatabaseFile(path: string): void {
	let database: DatabaseSync | undefined;
	try {
		database = new DatabaseSync(path, { readOnly: true });
		const problem = problemOf(database);
		if (problem) throw new Refusal('bad-request', problem);
	} catch (error) {
		if (error instanceof Refusal) throw error;
		const reason = error instanceof Error ? error.message : String(error);
		throw new Refusal('bad-request', `cannot be read as a database: ${reason}`, { cause: error });
	} finally {
		database?.close();
	}
}

function problemOf(database: DatabaseSync): string | null {
	const found = database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check;
	if (found !== 'ok') return `is damaged: ${String(found)}`;
	return strangenessOf(database) ?? (tablesOf(database).includes('board') ? null : 'is empty');
}

function tablesOf(database: DatabaseSync): unknown[] {
	const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
	return rows.map(({ name }) => name);
}

/** What keeps this program from working on a database, other than damage. */
function strangenessOf(database: DatabaseSync): string | null {
	const tables = tablesOf(database);
	// a first start that was broken off has left the migrator's own tables and no others
	const others = tables.filter((name) => !String(name).startsWith('kysely_'));
	const isOurs = tables.includes('kysely_migration') && (others.length === 0 || others.includes('journal'));
	if (tables.length > 0 && !isOurs) return `belongs to another program (it has a table ${String(others[0])})`;
	if (tables.length === 0) return null;
	const known = knownMigrations();
	const applied = database.prepare('SELECT name FROM kysely_migration').all();
	const isNewer = applied.some(({ name }) => !known.includes(String(name)));
	return isNewer ? 'was changed by a newer version of this program; use that one' : null;
}

/**
 * What keeps this program from working on a database file, found without writing to it; null where nothing does, or
 * where opening it will say more.
 */
export function findStrangeness(path: string): string | null {
	if (!existsSync(path)) return null;
	try {
		const database = new DatabaseSync(path, { readOnly: true });
		try {
			return strangenessOf(database);
		} finally {
			database.close();
		}
	} catch {
		return null;
	}
}

/** Writes what stands in the write-ahead log into the database file, where the file can be read. */
function foldLog(path: string): void {
	try {
		const database = new DatabaseSync(path);
		database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
		database.close();
	} catch {
		// a broken file is kept as it is, with its log beside it
	}
}

/**
 * Puts a database file in the place of another, which is kept under a new name. At every moment there is a whole
 * database under the old name.
 */
export function replaceDatabaseFile(path: string, { by, keptAs }: { by: string; keptAs: string }): void {
	if (existsSync(path)) {
		foldLog(path);
		for (const companion of COMPANIONS) {
			if (existsSync(path + companion)) renameSync(path + companion, keptAs + companion);
		}
		linkSync(path, keptAs);
	}
	renameSync(by, path);
}
