import { cpSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HttpClient } from '../support/http-client.ts';
import { RawClient } from '../support/raw-client.ts';
import { addUser, onDatabase, PASSWORD, tokenOf } from '../support/server-people.ts';
import {
	freePort,
	runServer,
	type ServerProcess,
	START_TIMEOUT_MS,
	startServer,
	temporaryDataDir
} from '../support/server-process.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXIT_CONFIG = 78;
const RESTART = 1012;

/** Runs the server with settings of its own; it never listens where anything else does. */
async function startWith(env: Record<string, string>, args: string[] = []) {
	return runServer({ DATA_DIR: temporaryDataDir(), PORT: String(await freePort()), ...env }, { args });
}

/** One line for whoever reads it, and no more. */
const oneLine = (pattern: RegExp) => expect.stringMatching(new RegExp(`^tongchou: ${pattern.source}\\n$`));

describe('a setting that cannot be used ends the program with 78 and names itself:', () => {
	const file = join(mkdtempSync(join(tmpdir(), 'tongchou-')), 'file');
	writeFileSync(file, '');
	test.each<[string, Record<string, string>, string[], RegExp]>([
		['a port that is none', { PORT: 'http' }, [], /PORT .*"http".*/],
		['a host that is none', { HOST: 'no-such-host.invalid' }, [], /HOST .*"no-such-host\.invalid".*/],
		['a host of another machine', { HOST: '192.0.2.1' }, [], /HOST .*"192\.0\.2\.1".*/],
		['a data folder below a file', { DATA_DIR: join(file, 'data') }, [], /DATA_DIR .*cannot be written.*/],
		['a data folder nobody can make', { DATA_DIR: '/proc/tongchou' }, [], /DATA_DIR .*cannot be written.*/],
		['a demonstration for others', { HOST: '0.0.0.0' }, ['--demo'], /HOST .*"0\.0\.0\.0".*127\.0\.0\.1/]
	])('%s', async (_, env, args, message) => {
		expect(await startWith(env, args)).toEqual({ code: EXIT_CONFIG, stdout: '', stderr: oneLine(message) });
	});
});

describe('a database that cannot be used is named, and left as it is:', () => {
	/** A database as a server leaves it, changed. */
	async function changedDatabase(sql: string): Promise<string> {
		const dataDir = temporaryDataDir();
		await onDatabase({ dataDir }, () => Promise.resolve());
		const path = join(dataDir, 'tongchou.sqlite');
		const database = new DatabaseSync(path);
		database.exec(sql);
		database.close();
		return path;
	}
	const written = (content: string) => {
		const path = join(temporaryDataDir(), 'file.sqlite');
		writeFileSync(path, content);
		return Promise.resolve(path);
	};
	const folder = () => {
		const path = join(temporaryDataDir(), 'folder');
		mkdirSync(path);
		return Promise.resolve(path);
	};
	const foreign = () => {
		const path = join(temporaryDataDir(), 'foreign.sqlite');
		const database = new DatabaseSync(path);
		database.exec('CREATE TABLE cookies (name TEXT)');
		database.close();
		return Promise.resolve(path);
	};
	test.each<[string, () => Promise<string>, RegExp]>([
		[
			'a text',
			() => written('This is not a database, and never was one.'.repeat(100)),
			/.*is not a database/
		],
		['a folder', folder, /.*unable to open database file/],
		['that of another program', foreign, /.*belongs to another program.*cookies.*/],
		[
			'that of a newer version',
			() => changedDatabase("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01T00:00:00.000Z')"),
			/.*newer version.*/
		]
	])('%s', async (_, make, message) => {
		const path = await make();
		const isFile = statSync(path).isFile();
		const before = isFile ? readFileSync(path) : undefined;
		const { code, stdout, stderr } = await startWith({ DATABASE_URL: `sqlite:${path}` });
		expect([code, stdout, stderr]).toEqual([1, '', oneLine(message)]);
		expect(stderr).toContain(path);
		if (before) expect(readFileSync(path).equals(before)).toBe(true);
	});

	test('a PostgreSQL server that is not there, without its password', async () => {
		const url = `postgres://board:geheim@127.0.0.1:${await freePort()}/board`;
		const { code, stderr } = await startWith({ DATABASE_URL: url });
		expect([code, stderr]).toEqual([1, oneLine(/.*postgres:.*ECONNREFUSED.*/)]);
		expect(stderr).not.toContain('geheim');
	});

	test('a secret that is too short to be one', async () => {
		const dataDir = temporaryDataDir();
		writeFileSync(join(dataDir, 'auth-secret'), 'short\n');
		expect(await startWith({ DATA_DIR: dataDir })).toMatchObject({
			code: 1,
			stderr: oneLine(/.*auth-secret .*/)
		});
	});
});

test('a record of the portfolio that is not what it must be is named', async () => {
	const root = mkdtempSync(join(tmpdir(), 'tongchou-'));
	for (const part of ['server', 'seeds', 'src/domain', 'src/doc', 'src/protocol', 'package.json'])
		cpSync(join(ROOT, part), join(root, part), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
	const file = join(root, 'seeds/projects.json');
	const lines = readFileSync(file, 'utf8').split('\n');
	const record = JSON.parse(lines[1]!.replace(/,$/, '')) as { id: string };
	writeFileSync(file, lines.with(1, `${JSON.stringify({ ...record, sector: 'space' })},`).join('\n'));
	const env = { DATA_DIR: temporaryDataDir(), PORT: String(await freePort()) };
	const { code, stderr } = await runServer(env, { root });
	expect([code, stderr]).toEqual([
		1,
		oneLine(new RegExp(`projects\\.json:2: record ${record.id}: sector .*`))
	]);
});

describe('a running server', () => {
	let server: ServerProcess;
	beforeAll(async () => {
		server = await startServer();
	}, START_TIMEOUT_MS);
	afterAll(() => server?.stop());

	test('prints its address, and a link that makes the first owner once', async () => {
		const [address, invitation, ...rest] = server.output().split('\n').filter(Boolean);
		expect(address).toContain(server.origin);
		const link = /(http\S+)$/.exec(invitation ?? '')?.[1] ?? '';
		expect(link.startsWith(`${server.origin}/setup/`)).toBe(true);
		expect(rest).toEqual([]);
		const path = link.slice(server.origin.length);
		const client = new HttpClient(server.origin);
		expect((await client.request(path)).status).toBe(200);
		expect((await client.request('/setup/guessed')).status).toBe(404);
		const form = { name: '周正', email: 'owner@example.cn', organisation: '', password: PASSWORD };
		expect((await client.request(path, { method: 'POST', form })).status).toBe(303);
		expect((await client.request(path)).status).toBe(404);
		const again = { ...form, email: 'second@example.cn' };
		expect((await client.request(path, { method: 'POST', form: again })).status).toBe(404);
		expect((await client.signIn('owner@example.cn', PASSWORD)).status).toBe(200);
		expect((await client.signIn('second@example.cn', PASSWORD)).status).toBe(401);
	});

	test('keeps what it writes to itself', () => {
		for (const name of ['auth-secret']) expect(statSync(join(server.dataDir, name)).mode & 0o077).toBe(0);
	});

	test('is the only one on its database', async () => {
		const second = await startWith({ DATA_DIR: server.dataDir });
		expect(second).toMatchObject({
			code: 1,
			stderr: oneLine(/another server is running on .*tongchou\.sqlite.*/)
		});
		expect((await new HttpClient(server.origin).request('/readyz')).status).toBe(200);
	});

	test('keeps its port', async () => {
		const port = new URL(server.origin).port;
		const second = await startWith({ PORT: port });
		expect(second).toMatchObject({ code: 1, stderr: oneLine(new RegExp(`port ${port} .*in use.*PORT.*`)) });
	});

	test('sends who types localhost to its own address', async () => {
		const { port } = new URL(server.origin);
		const response = await fetch(`http://localhost:${port}/boards?x=1`, { redirect: 'manual' }).catch(
			() => undefined
		);
		if (response) expect(response.headers.get('location')).toBe(`${server.origin}/boards?x=1`);
	});
});

describe.each(['SIGTERM', 'SIGINT'] as const)('%s', (signal) => {
	test(
		'ends it with 0: sockets are told of a restart, and what arrived is there afterwards',
		async () => {
			const server = await startServer();
			await addUser(server, { email: 'mei@example.cn', role: 'owner' });
			const token = await tokenOf(server, 'mei@example.cn');
			const program = new HttpClient(server.origin, token);
			const socket = await RawClient.open(server, '/dianzhong', { token });
			await program.request('/api/boards', { method: 'POST', json: { id: 'kept', title: '留下的' } });
			const ended = server.stop(signal);
			expect(await socket.closeCode()).toBe(RESTART);
			expect(await ended).toBe(0);
			await until('the port is free', () =>
				program.request('/healthz').then(
					() => false,
					() => true
				)
			);
			const boards = await onDatabase(server, (services) => services.boards.listAll());
			expect(boards.map(({ id }) => id)).toEqual(['dianzhong', 'kept']);
		},
		START_TIMEOUT_MS
	);
});

test(
	'a server that was killed starts again, prints no link once somebody has an account, and lost nothing',
	async () => {
		const first = await startServer();
		await addUser(first, { email: 'mei@example.cn', role: 'owner' });
		await first.stop('SIGKILL');
		const second = await startServer({ dataDir: first.dataDir });
		expect(second.output()).not.toContain('/setup/');
		const client = new HttpClient(second.origin);
		expect((await client.signIn('mei@example.cn', PASSWORD)).status).toBe(200);
		expect((await client.request('/api/boards')).json).toMatchObject({ boards: [{ id: 'dianzhong' }] });
		expect(await second.stop()).toBe(0);
	},
	START_TIMEOUT_MS
);

test(
	'npm passes the signal on: what npm started ends with it, and with 0',
	async () => {
		const server = await startServer({ byNpm: true });
		expect(await server.stop('SIGTERM')).toBe(0);
		await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow(/fetch failed/);
	},
	START_TIMEOUT_MS
);
