import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SECRET_BYTES = 48;
const OWNER_ONLY = 0o600;

/** The secret that signs sessions: from the data folder, made there on the first start. */
export function readOrCreateSecret(dataDir: string): string {
	const path = join(dataDir, 'auth-secret');
	if (existsSync(path)) return readFileSync(path, 'utf8').trim();
	mkdirSync(dataDir, { recursive: true });
	const secret = randomBytes(SECRET_BYTES).toString('base64url');
	writeFileSync(path, `${secret}\n`, { mode: OWNER_ONLY, flag: 'wx' });
	return secret;
}
