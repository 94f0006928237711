import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '../..');
/** Long enough for a first build on two busy cores. */
export const START_TIMEOUT_MS = 180_000;
const POLL_MS = 50;
/** What `npm start` runs Node with. */
const NODE_FLAGS = packageJson.scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** Whoever fails leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
	for (const child of running) child.kill('SIGKILL');
});

export interface ServerProcess {
	origin: string;
	dataDir: string;
	pid: number;
	/** All the server has printed so far. */
	output(): string;
	/** Ends it by the signal and waits; resolves to the exit code, null after a kill. */
	stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** A TCP port on the loopback address that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
	const probe = createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const address = probe.address();
	probe.close();
	await once(probe, 'close');
	if (address === null || typeof address === 'string') throw new Error('no port');
	return address.port;
}

/** A new empty folder for one server's data. */
export function temporaryDataDir(): string {
	return mkdtempSync(join(tmpdir(), 'tongchou-'));
}

export interface ServerOptions {
	dataDir?: string;
	port?: number;
	/** What is run, from the project's folder; without it the real server. */
	program?: string;
	args?: string[];
	/** Started by `npm start`, as people do; what is signalled then is npm. */
	byNpm?: boolean;
	env?: Record<string, string>;
}

/** Starts the real server and waits until it answers. */
export async function startServer(options: ServerOptions = {}): Promise<ServerProcess> {
	const dataDir = options.dataDir ?? temporaryDataDir();
	const port = options.port ?? (await freePort());
	const origin = `http://127.0.0.1:${port}`;
	const run = [...NODE_FLAGS, options.program ?? 'server/main.ts', ...(options.args ?? [])];
	const [command, args] = options.byNpm ? ['npm', ['start', '--silent']] : [process.execPath, run];
	const child = spawn(command, args, {
		cwd: ROOT,
		env: {
			...process.env,
			PORT: String(port),
			HOST: '127.0.0.1',
			ORIGIN: origin,
			DATA_DIR: dataDir,
			NODE_ENV: 'production',
			...options.env
		},
		stdio: ['ignore', 'pipe', 'pipe']
	});
	running.add(child);
	child.once('exit', () => running.delete(child));
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const server: ServerProcess = {
		origin,
		dataDir,
		pid: child.pid!,
		output: () => output,
		stop: (signal) => stop(child, signal)
	};
	await untilAnswering(child, server);
	return server;
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
	if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
	child.kill(signal);
	await once(child, 'exit');
	return child.exitCode;
}

async function untilAnswering(child: ChildProcess, server: ServerProcess): Promise<void> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < deadline) {
		if (child.exitCode !== null)
			throw new Error(`The server ended with ${child.exitCode}:\n${server.output()}`);
		const answered = await fetch(`${server.origin}/readyz`).then(
			(response) => response.ok,
			() => false
		);
		if (answered) return;
		await new Promise((resolve) => setTimeout(resolve, POLL_MS));
	}
	await stop(child, 'SIGKILL');
	throw new Error(`The server did not answer:\n${server.output()}`);
}

/** What a command of `npx tongchou` printed and how it ended. */
export interface CommandResult {
	code: number;
	stdout: string;
	stderr: string;
}

/** Starts the server and waits for its end, which is expected to come by itself. */
export function runServer(
	env: Record<string, string>,
	{ args = [], root = ROOT }: { args?: readonly string[]; root?: string } = {}
): Promise<CommandResult> {
	return new Promise((resolve) => {
		const child = execFile(
			process.execPath,
			['server/main.ts', ...args],
			{ cwd: root, env: { ...process.env, ...env }, timeout: START_TIMEOUT_MS },
			(_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
		);
	});
}

/** Runs `npx tongchou` on a data folder, with `input` on standard input. */
export function tongchou(
	dataDir: string,
	args: readonly string[],
	input = '',
	env: Record<string, string> = {}
): Promise<CommandResult> {
	return new Promise((resolve) => {
		const child = execFile(
			process.execPath,
			['server/cli/tongchou.ts', ...args],
			{ cwd: ROOT, env: { ...process.env, DATA_DIR: dataDir, ...env } },
			(_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
		);
		child.stdin?.end(input);
	});
}
