import { existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { Refusal } from '#domain/refusal.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
import { checkDatabaseFile, copyDatabaseFile, databasePathOf } from '#server/database/database-file.ts';

/**
 * Copies the database to a new file, as it is at one moment, while the server runs.
 * @throws {Refusal} `conflict` if the file is there already, `bad-request` for PostgreSQL or a place that cannot be written
 */
export async function backUp(
	databaseUrl: string,
	file: string,
	{ audit, who }: { audit: AuditService; who: Who }
): Promise<void> {
	const path = databasePathOf(databaseUrl);
	if (existsSync(file)) throw new Refusal('conflict', `${file} exists already`);
	try {
		await copyDatabaseFile(path, file);
	} catch (error) {
		throw new Refusal('bad-request', `cannot write ${file}: ${(error as Error).message}`, { cause: error });
	}
	try {
		checkDatabaseFile(file);
		await audit.record({ who, action: 'backup', object: { file: basename(file) } });
	} catch (error) {
		rmSync(file, { force: true });
		throw error;
	}
}
