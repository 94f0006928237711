import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is kept in a folder of ours is nobody else's to read. */
const OWNER_ONLY = 0o700;

function codeOf(error: unknown): string | undefined {
	return (error as NodeJS.ErrnoException).code;
}

/**
 * Makes a folder and those above it where they are missing. Not by Node's own `recursive`, which never comes back where
 * the system calls a folder missing that cannot be made, as below `/proc`.
 * @throws what the system says
 */
export function makeFolder(path: string): void {
	try {
		mkdirSync(path, { mode: OWNER_ONLY });
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return;
		if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
		makeFolder(dirname(path));
		mkdirSync(path, { mode: OWNER_ONLY });
	}
}
