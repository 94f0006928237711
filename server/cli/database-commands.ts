import { OPERATOR } from '#server/audit/who.ts';
import { backUp } from '#server/backup/backup.service.ts';
import { restore } from '#server/backup/restore.service.ts';
import type { Command } from './command.ts';

const migrateDatabase: Command = {
	name: 'migrate',
	usage: '',
	summary: "bring the database to this version's schema (a start does so by itself)",
	async run({ open }) {
		await open();
		return { lines: ['the database is up to date'], json: { ok: true } };
	}
};

const backUpDatabase: Command = {
	name: 'backup',
	usage: 'FILE',
	summary: 'copy the database to a new file, as it is at one moment, while the server runs',
	argument: { name: 'FILE', isRequired: true },
	async run({ open, config, arguments: [file = ''] }) {
		const { audit } = await open();
		await backUp(config.databaseUrl, file, { audit, who: OPERATOR });
		return { lines: [`wrote ${file}`], json: { file } };
	}
};

const restoreDatabase: Command = {
	name: 'restore',
	usage: 'FILE',
	summary: 'put a backup in the place of the database, which is kept beside it; the server must not run',
	argument: { name: 'FILE', isRequired: true },
	async run({ config, arguments: [file = ''] }) {
		const { keptAs, hasAudit } = await restore(config, file, OPERATOR);
		const lines = [`restored ${file}; everybody signs in again`];
		if (keptAs !== null) lines.push(`the database before is kept as ${keptAs}`);
		if (!hasAudit) lines.push('its audit could not be read and stays only there');
		return { lines, json: { file, keptAs, hasAudit } };
	}
};

/** The database as a whole. */
export const databaseCommands: readonly Command[] = [migrateDatabase, backUpDatabase, restoreDatabase];
