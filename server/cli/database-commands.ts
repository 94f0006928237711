import { existsSync } from 'node:fs';
import { Refusal } from '#domain/refusal.ts';
import { backupSqlite } from '#server/database/backup.ts';
import type { Command } from './command.ts';

const migrateDatabase: Command = {
	name: 'migrate',
	usage: '',
	summary: "bring the database to this version's schema (a start does so by itself)",
	run: () => Promise.resolve({ lines: ['the database is up to date'], json: { ok: true } })
};

const backup: Command = {
	name: 'backup',
	usage: 'FILE',
	summary: 'copy the database, as it is at one moment, while the server runs',
	arguments: 1,
	async run({ config, arguments: [file = ''] }) {
		if (existsSync(file)) throw new Refusal('conflict', `${file} exists already`);
		await backupSqlite(config.databaseUrl, file);
		return { lines: [`wrote ${file}`], json: { file } };
	}
};

/** The database as a whole. */
export const databaseCommands: readonly Command[] = [migrateDatabase, backup];
