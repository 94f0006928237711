import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './server-process.ts';
import { until } from './until.ts';

const DEBIAN = '/usr/lib/postgresql';
const isRoot = process.getuid?.() === 0;

/** A PostgreSQL server of this test's own, gone when it ends. */
export interface PostgresServer {
	/** A new empty database; its address. */
	createDatabase(): Promise<string>;
	/** Ends it without a word and starts it again on the same data, as after a crash of the machine. */
	crashAndRestart(): Promise<void>;
	/** Lets it stand still, with every process of it, and go on again. */
	halt(): void;
	goOn(): void;
	stop(): Promise<void>;
}

function findBin(): string | undefined {
	const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
	const folders = [
		...versions.map((version) => join(DEBIAN, version, 'bin')),
		...(process.env.PATH ?? '').split(':')
	];
	return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')));
}

/** Folder of PostgreSQL's programs: what is installed, or what apt brings. @throws if there is neither */
function ensureBin(): string {
	const found = findBin();
	if (found) return found;
	if (isRoot && existsSync('/usr/bin/apt-get')) {
		console.log('No PostgreSQL found: installing one.');
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		execFileSync('apt-get', ['update', '-q'], { stdio: 'inherit', env });
		execFileSync('apt-get', ['install', '-y', '-q', 'postgresql'], { stdio: 'inherit', env });
	}
	const installed = findBin();
	if (!installed) throw new Error('no PostgreSQL could be found or installed');
	return installed;
}

/** PostgreSQL refuses root: there it runs as the user its package makes. */
function asItsUser(program: string, args: string[]): [string, string[]] {
	if (!isRoot) return [program, args];
	return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]];
}

function makeFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), 'tongchou-pg-'));
	if (isRoot) {
		const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
		chownSync(folder, idOf('-u'), idOf('-g'));
	}
	return folder;
}

const versionOf = (bin: string) =>
	Number(/ (\d+)/.exec(execFileSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }))?.[1]);

/** A cluster that sorts texts as Chinese people do, so that whatever leans on the order of bytes shows. */
function initCluster(bin: string, data: string): void {
	const chinese = versionOf(bin) < 15 ? [] : ['--locale-provider=icu', '--icu-locale=zh-Hans-CN'];
	const args = [
		'-D',
		data,
		'-U',
		'postgres',
		'-A',
		'trust',
		'-E',
		'UTF8',
		'--locale=C.UTF-8',
		'--no-sync',
		...chinese
	];
	execFileSync(...asItsUser(join(bin, 'initdb'), args), {
		stdio: ['ignore', 'ignore', 'inherit'],
		cwd: tmpdir()
	});
}

async function run(bin: string, folder: string, port: number): Promise<ChildProcess> {
	// only a power cut would tell fsync from none
	const settings = ['-c', 'fsync=off', '-c', 'max_connections=60', '-c', 'log_min_messages=fatal'];
	const args = ['-D', join(folder, 'data'), '-p', String(port), '-h', '127.0.0.1', '-k', folder, ...settings];
	const child = spawn(...asItsUser(join(bin, 'postgres'), args), { stdio: 'ignore', cwd: tmpdir() });
	await until('PostgreSQL answers', async () => {
		if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
		return query(urlOf(port, 'postgres'), 'select 1').then(
			() => true,
			() => false
		);
	});
	return child;
}

const urlOf = (port: number, database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;

/** Runs SQL on a database, as an operator would. */
export async function query(url: string, sql: string): Promise<pg.QueryResult> {
	const client = new pg.Client({ connectionString: url });
	client.on('error', () => undefined);
	try {
		await client.connect();
		return await client.query(sql);
	} finally {
		await client.end();
	}
}

/** Starts a PostgreSQL server on a free port, in a folder of its own. */
export async function startPostgres(): Promise<PostgresServer> {
	const bin = ensureBin();
	const folder = makeFolder();
	initCluster(bin, join(folder, 'data'));
	const port = await freePort();
	let child = await run(bin, folder, port);
	const killAtExit = () => child.kill('SIGQUIT');
	process.once('exit', killAtExit);
	const end = async (signal: NodeJS.Signals) => {
		child.kill(signal);
		if (child.exitCode === null) await once(child, 'exit');
	};
	let databases = 0;
	return {
		async createDatabase() {
			const name = `board${databases++}`;
			await query(urlOf(port, 'postgres'), `create database ${name}`);
			return urlOf(port, name);
		},
		async crashAndRestart() {
			await end('SIGQUIT');
			child = await run(bin, folder, port);
		},
		halt: () => signalAll(child.pid!, 'SIGSTOP'),
		goOn: () => signalAll(child.pid!, 'SIGCONT'),
		async stop() {
			process.off('exit', killAtExit);
			await end('SIGINT');
			rmSync(folder, { recursive: true, force: true });
		}
	};
}

/** The server makes a process for each connection. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
	const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
	for (const each of [pid, ...children.split(' ').filter(Boolean).map(Number)]) process.kill(each, signal);
}

/** The same; where it cannot be had, that is said aloud, and in CI it is a failure. */
export async function startPostgresOrSay(): Promise<PostgresServer | undefined> {
	try {
		return await startPostgres();
	} catch (error) {
		if (process.env.CI) throw error;
		console.error('NOT TESTED on PostgreSQL:', error);
		return undefined;
	}
}
