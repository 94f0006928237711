import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from '#server/database/file-lock.ts';
import { StartError } from '#server/start-error.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUILD = join(ROOT, 'build');
const STAMP = join(BUILD, 'sources.sha256');
const VITE = join(ROOT, 'node_modules/vite/bin/vite.js');
/** All that the pages' bundle is made from. */
const SOURCES = [
	'src',
	'server',
	'static',
	'messages',
	'project.inlang/settings.json',
	'svelte.config.js',
	'vite.config.ts',
	'package-lock.json'
];
/** Written by the build itself. */
const GENERATED = join(ROOT, 'src/lib/paraglide');
/** Another process may be building right now. */
const LOCK_WAIT_MS = 180_000;

function filesIn(path: string): string[] {
	if (path === GENERATED || path.endsWith('.test.ts') || !existsSync(path)) return [];
	if (!statSync(path).isDirectory()) return [path];
	return readdirSync(path)
		.sort()
		.flatMap((name) => filesIn(join(path, name)));
}

function digestOfSources(): string {
	const hash = createHash('sha256');
	for (const file of SOURCES.flatMap((source) => filesIn(join(ROOT, source)))) {
		hash
			.update(`${file.slice(ROOT.length)}\0`)
			.update(readFileSync(file))
			.update('\0');
	}
	return hash.digest('hex');
}

function isBuilt(digest: string): boolean {
	return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest;
}

function runVite(signal: AbortSignal | undefined): Promise<void> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [VITE, 'build', '--logLevel', 'warn'], {
			cwd: ROOT,
			env: { ...process.env, NODE_ENV: 'production' },
			stdio: ['ignore', 2, 2],
			signal
		});
		child.on('error', reject);
		child.on('exit', (code) =>
			code === 0
				? resolve()
				: reject(new StartError(`the pages could not be built (vite ended with ${code})`))
		);
	});
}

/**
 * Builds the pages if there is no build of exactly these sources; processes that start together build once.
 * @param signal breaks the build off
 * @throws {StartError} if the build fails
 */
export async function ensureBuild(signal?: AbortSignal): Promise<void> {
	if (isBuilt(digestOfSources())) return;
	const lock = lockFile(join(ROOT, 'node_modules/.cache/tongchou-build.lock'), LOCK_WAIT_MS);
	if (!lock) throw new StartError('another process has been building the pages for minutes');
	try {
		const digest = digestOfSources();
		if (isBuilt(digest)) return;
		process.stderr.write('Building the pages, once for this version …\n');
		await runVite(signal);
		writeFileSync(STAMP, digest);
	} finally {
		lock.release();
	}
}

/** Where the built pages' request handler is. */
export const HANDLER = join(BUILD, 'handler.js');

if (import.meta.main) await ensureBuild();
