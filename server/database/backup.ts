import { backup, DatabaseSync } from 'node:sqlite';
import { Refusal } from '#domain/refusal.ts';
import { databaseKindOf } from './connect.ts';

/**
 * Copies an SQLite database to a new file, consistent although others write meanwhile.
 * @throws {Refusal} `bad-request` for another kind of database
 */
export async function backupSqlite(databaseUrl: string, file: string): Promise<void> {
	if (databaseKindOf(databaseUrl) !== 'sqlite')
		throw new Refusal('bad-request', 'a PostgreSQL database is backed up with pg_dump');
	const source = new DatabaseSync(databaseUrl.replace(/^sqlite:/, ''), { readOnly: true });
	try {
		await backup(source, file);
	} finally {
		source.close();
	}
}
