import { accessSync, constants } from 'node:fs';
import { type Config, ConfigError } from '#server/config.ts';
import { makeFolder } from '#server/make-folder.ts';

/** Makes the data folder where something is to be kept in it. @throws {ConfigError} if it cannot be written */
export function prepareDataDir({ dataDir, databaseUrl, authSecret }: Config): void {
	if (authSecret !== undefined && !databaseUrl.startsWith(`sqlite:${dataDir}/`)) return;
	try {
		makeFolder(dataDir);
		accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
	} catch (error) {
		const { code, message } = error as NodeJS.ErrnoException;
		throw new ConfigError(
			`DATA_DIR is ${JSON.stringify(dataDir)}, which cannot be written: ${code ?? message}`
		);
	}
}
