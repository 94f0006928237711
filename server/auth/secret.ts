import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '#server/start-error.ts';

const SECRET_BYTES = 48;
const SECRET_MIN_CHARS = 32;
const OWNER_ONLY = 0o600;

/**
 * The secret that signs sessions: from the data folder, made there on the first start.
 * @throws {StartError} if what stands there is no secret
 */
export function readOrCreateSecret(dataDir: string): string {
	const path = join(dataDir, 'auth-secret');
	if (!existsSync(path)) create(path);
	const secret = readFileSync(path, 'utf8').trim();
	if (secret.length >= SECRET_MIN_CHARS) return secret;
	throw new StartError(
		`${path} holds fewer than ${SECRET_MIN_CHARS} characters; remove it, and a new secret is made (everybody signs in again)`
	);
}

/** A file that bears its name only when it is whole, since another process may start at the same moment. */
function create(path: string): void {
	const unfinished = `${path}.${process.pid}`;
	writeFileSync(unfinished, `${randomBytes(SECRET_BYTES).toString('base64url')}\n`, { mode: OWNER_ONLY });
	try {
		linkSync(unfinished, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		rmSync(unfinished, { force: true });
	}
}
