import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import { runCommand } from '#server/cli/run-command.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { BOARD, cookieOf, startSyncApp, type SyncApp } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

let app: SyncApp | undefined;
afterEach(async () => {
	await app?.close();
	app = undefined;
});

/** Starts the program in this process, and stops it again before the next start on the same folder. */
async function start(dataDir?: string): Promise<SyncApp> {
	await stop();
	app = await startSyncApp(dataDir === undefined ? {} : { dataDir });
	return app;
}
async function stop(): Promise<void> {
	await app?.close();
	app = undefined;
}

const run = (dataDir: string, ...args: string[]) =>
	runCommand(args, { env: { DATA_DIR: dataDir }, readStandardInput: () => Promise.resolve('') });
const scratch = () => mkdtempSync(join(tmpdir(), 'tongchou-'));
const pathOf = (dataDir: string) => join(dataDir, 'tongchou.sqlite');

async function backUp(dataDir: string): Promise<string> {
	const file = join(scratch(), 'backup.sqlite');
	expect(await run(dataDir, 'backup', file)).toEqual({ code: 0, output: `wrote ${file}`, error: '' });
	return file;
}

function readAll<T>(path: string, sql: string): T[] {
	const database = new DatabaseSync(path, { readOnly: true });
	const rows = database.prepare(sql).all() as T[];
	database.close();
	return rows;
}
const epochOf = (path: string) =>
	readAll<{ epoch: number }>(path, `SELECT epoch FROM board WHERE id = '${BOARD}'`)[0]!.epoch;

describe('restoring a backup', () => {
	test('brings the board back as it was; a client with newer state is told so, and nothing of it is merged', async () => {
		const before = await start();
		const { dataDir } = before;
		const mei = await before.addPerson('mei', 'planner');
		const backup = await backUp(dataDir);
		const peer = await BoardPeer.join(before, BOARD, mei);
		const projectId = peer.board.projects[0]!.id;
		setField(peer.doc, { projectId, field: 'name', value: '备份之后的名字' });
		await until('the edit is saved', () => peer.acked === peer.sent);
		const { epoch, seq } = await before.journal.head(BOARD);
		await stop();

		const restored = await run(dataDir, 'restore', backup);
		expect(restored).toMatchObject({ code: 0, error: '' });

		const after = await start(dataDir);
		const head = await after.journal.head(BOARD);
		expect(head.seq).toBe(seq - 1);
		expect(head.epoch).toBeGreaterThan(epoch);
		const back = await BoardPeer.open(after, BOARD, mei, { doc: peer.doc, hello: { epoch, seq } });
		expect(await back.raw.closeCode()).toBe(4409);
		expect((await after.journal.head(BOARD)).seq).toBe(head.seq);
		const fresh = await BoardPeer.join(after, BOARD, mei);
		expect(fresh.board.projects.find(({ id }) => id === projectId)!.name).not.toBe('备份之后的名字');
	});

	test('keeps the database before, and its audit in both; everybody signs in again', async () => {
		const before = await start();
		const { dataDir } = before;
		const mei = await before.addPerson('mei', 'planner');
		const backup = await backUp(dataDir);
		const cookie = await cookieOf(before, mei.email);
		await before.app.context.people.disable(mei.email, { userId: 'x', sessionId: null, address: null });
		const audited = await before.app.context.audit.list({ limit: 1_000 });
		await stop();
		const { code, output } = await run(dataDir, 'restore', backup, '--json');
		expect(code).toBe(0);
		const { keptAs } = JSON.parse(output) as { keptAs: string };
		expect(readAll(keptAs, 'SELECT user_id FROM person WHERE disabled_at IS NOT NULL')).toEqual([
			{ user_id: mei.id }
		]);
		expect(readAll(pathOf(dataDir), 'SELECT * FROM session')).toEqual([]);

		const after = await start(dataDir);
		expect(await after.app.context.authService.authenticate(new Headers({ cookie }))).toBeNull();
		const records = await after.app.context.audit.list({ limit: 1_000 });
		expect(records).toEqual(expect.arrayContaining(audited));
		expect(records[0]).toMatchObject({ action: 'restore', userId: 'operator', object: 'file=backup.sqlite' });
		expect(records.filter(({ action }) => action === 'restore')).toHaveLength(1);
		expect(readdirSync(dataDir).filter((name) => name.includes('restoring'))).toEqual([]);
	});

	test('twice raises the epoch twice', async () => {
		const { dataDir } = await start();
		const backup = await backUp(dataDir);
		await stop();
		await run(dataDir, 'restore', backup);
		const first = epochOf(pathOf(dataDir));
		await run(dataDir, 'restore', backup);
		expect(epochOf(pathOf(dataDir))).toBeGreaterThan(first);
	});

	test('is above what a database that was lost may have known', async () => {
		const { dataDir } = await start();
		const backup = await backUp(dataDir);
		await stop();
		await run(dataDir, 'restore', backup);
		const lost = epochOf(pathOf(dataDir));
		const elsewhere = scratch();
		await run(elsewhere, 'restore', backup);
		expect(epochOf(pathOf(elsewhere))).toBeGreaterThanOrEqual(lost);
		expect(lost).toBeGreaterThan(1_000_000_000);
	});

	test('works where the database is broken, and keeps that as it is', async () => {
		const dataDir = scratch();
		const backup = await backUp(dataDir);
		const broken = readFileSync(pathOf(dataDir));
		broken.fill(0xab, 0, 4_096);
		writeFileSync(pathOf(dataDir), broken);
		const { code, output } = await run(dataDir, 'restore', backup, '--json');
		expect(code).toBe(0);
		const { keptAs, hasAudit } = JSON.parse(output) as { keptAs: string; hasAudit: boolean };
		expect(hasAudit).toBe(false);
		expect(readFileSync(keptAs).equals(broken)).toBe(true);
		expect((await start(dataDir)).app.context.boardReader).toBeDefined();
	});

	test('makes a database where there was none', async () => {
		const { dataDir } = await start();
		const backup = await backUp(dataDir);
		await stop();
		const elsewhere = scratch();
		expect(await run(elsewhere, 'restore', backup, '--json')).toMatchObject({ code: 0 });
		expect(readAll(pathOf(elsewhere), 'SELECT id FROM board')).toEqual([{ id: BOARD }]);
	});
});

describe('is refused, and the database stays as it is,', () => {
	async function refuses(dataDir: string, file: string, message: RegExp): Promise<void> {
		const before = readFileSync(pathOf(dataDir));
		const names = readdirSync(dataDir).filter((name) => !/-(wal|shm)$|lock/.test(name));
		const { code, output, error } = await run(dataDir, 'restore', file);
		expect([code, output]).toEqual([1, '']);
		expect(error).toMatch(message);
		expect(readFileSync(pathOf(dataDir)).equals(before)).toBe(true);
		expect(readdirSync(dataDir).filter((name) => !/-(wal|shm)$|lock/.test(name))).toEqual(names);
	}

	test('while a server runs', async () => {
		const { dataDir } = await start();
		await refuses(dataDir, await backUp(dataDir), /another server is running/);
	});

	test.each<[string, (backup: string) => void, RegExp]>([
		[
			'of a file that is no database',
			(path) => writeFileSync(path, 'no database '.repeat(1_000)),
			/not a database/
		],
		['of an empty database', (path) => writeFileSync(path, ''), /is empty/],
		[
			'of a file that was cut off',
			(path) => writeFileSync(path, readFileSync(path).subarray(0, 50_000)),
			/damaged|malformed/
		],
		[
			'of a file with a broken page',
			(path) => {
				const content = readFileSync(path);
				content.fill(0xff, 40_960, 45_056);
				writeFileSync(path, content);
			},
			/damaged|malformed/
		],
		[
			'of another program’s database',
			(path) => {
				writeFileSync(path, '');
				const database = new DatabaseSync(path);
				database.exec('CREATE TABLE cookies (name TEXT)');
				database.close();
			},
			/another program.*cookies/
		],
		[
			'of a newer version’s database',
			(path) => {
				const database = new DatabaseSync(path);
				database.exec("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01T00:00:00.000Z')");
				database.close();
			},
			/newer version/
		]
	])('%s', async (_, change, message) => {
		const { dataDir } = await start();
		const backup = await backUp(dataDir);
		await stop();
		change(backup);
		await refuses(dataDir, backup, message);
	});

	test('of itself, or of nothing', async () => {
		const { dataDir } = await start();
		await stop();
		await refuses(dataDir, pathOf(dataDir), /is the database itself/);
		await refuses(dataDir, join(dataDir, 'nowhere.sqlite'), /there is no file/);
	});
});

describe('a backup', () => {
	test('never writes over a file, nor leaves half of one', async () => {
		const { dataDir } = await start();
		const file = await backUp(dataDir);
		expect(await run(dataDir, 'backup', file)).toMatchObject({
			code: 1,
			error: expect.stringMatching(/exists already/)
		});
		const nowhere = '/nowhere/backup.sqlite';
		expect(await run(dataDir, 'backup', nowhere)).toMatchObject({
			code: 1,
			error: expect.stringMatching(/cannot write/)
		});
		expect(readdirSync(dirname(file))).toEqual(['backup.sqlite']);
	});

	test('is a whole database that another program can read where nothing can be written', async () => {
		const { dataDir } = await start();
		const copy = join(scratch(), 'copy.sqlite');
		copyFileSync(await backUp(dataDir), copy);
		expect(readAll(copy, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
		expect(existsSync(`${copy}-shm`)).toBe(false);
	});

	test('of PostgreSQL is pg_dump’s work', async () => {
		const { code, error } = await runCommand(['restore', 'x'], {
			env: { DATABASE_URL: 'postgres://127.0.0.1:1/x', DATA_DIR: scratch() },
			readStandardInput: () => Promise.resolve('')
		});
		expect([code, error]).toEqual([1, expect.stringMatching(/pg_restore/)]);
	});
});
