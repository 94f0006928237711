import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextLoop, setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import { BoardReader } from '#server/boards/board-reader.ts';
import { connect } from '#server/database/connect.ts';
import { Journal } from '#server/journal/journal.ts';
import { BoardPeer } from '../support/board-peer.ts';
import {
	freePort,
	type ServerProcess,
	startServer,
	temporaryDataDir,
	tongchou
} from '../support/server-process.ts';
import { BOARD, runSql, startSyncApp } from '../support/sync-app.ts';

const PROGRAM = 'tests/support/limited-server.ts';
const databaseIn = (dataDir: string) => join(dataDir, 'tongchou.sqlite');

let running: ServerProcess | undefined;
afterEach(async () => {
	await running?.stop();
	running = undefined;
});

async function run(dataDir: string, args: readonly string[]): Promise<ChildProcess> {
	const env = { ...process.env, DATA_DIR: dataDir, PORT: String(await freePort()), HOST: '127.0.0.1' };
	return spawn(process.execPath, args, { env, stdio: 'ignore' });
}

const sizeOf = (path: string) => (existsSync(path) ? statSync(path).size : 0);

/** Waits until a program has written so much of a file, or ended. */
async function untilWritten(child: ChildProcess, path: string, bytes: number): Promise<void> {
	// loading the program takes longest, and is left the whole machine
	while (child.exitCode === null && !existsSync(path)) await delay(1);
	while (child.exitCode === null && sizeOf(path) < bytes) await nextLoop();
}

/** Kills a program as soon as it has written so much of a file; false if it ended by itself before. */
async function killOnce(child: ChildProcess, path: string, bytes: number): Promise<boolean> {
	const ended = once(child, 'exit');
	await untilWritten(child, path, bytes);
	const isKilled = child.kill('SIGKILL');
	await ended;
	return isKilled && child.signalCode === 'SIGKILL';
}

/** How many projects the board in a data folder holds, if its record is sound. */
async function soundProjects(dataDir: string): Promise<number> {
	expect(await tongchou(dataDir, ['history', 'verify'])).toMatchObject({ code: 0 });
	const { db } = connect(`sqlite:${databaseIn(dataDir)}`);
	const { board } = await new BoardReader(new Journal(db)).read(BOARD);
	await db.destroy();
	return board.projects.length;
}

describe('kill -9 while the database is made', () => {
	/** Of the write-ahead log: first tables, then the last ones, then the board and its history. */
	test.each([1, 60_000, 150_000, 400_000])(
		'when %i bytes are written: the next start makes it whole',
		async (bytes) => {
			const dataDir = temporaryDataDir();
			const child = await run(dataDir, [PROGRAM]);
			expect(await killOnce(child, `${databaseIn(dataDir)}-wal`, bytes)).toBe(true);
			running = await startServer({ dataDir, program: PROGRAM });
			expect(await soundProjects(dataDir)).toBe(56);
			expect(await running.stop()).toBe(0);
		}
	);
});

describe('kill -9 during a backup', () => {
	/** A database so large that copying it takes a while. */
	async function prepare(): Promise<{
		dataDir: string;
		peer: BoardPeer;
		rename(value: string): Promise<void>;
	}> {
		const dataDir = temporaryDataDir();
		const app = await startSyncApp({ dataDir });
		const mei = await app.addPerson('mei', 'planner');
		await app.close();
		const ballast = `insert into snapshot (board_id, epoch, seq, created_at, state)
			values ('${BOARD}', 0, 1, '2026-01-01T00:00:00.000Z', randomblob(60000000))`;
		runSql({ databaseUrl: `sqlite:${databaseIn(dataDir)}` }, ballast);
		running = await startServer({ dataDir, program: PROGRAM });
		const peer = await BoardPeer.join(running, BOARD, mei);
		const { id = '' } = peer.board.projects[0] ?? {};
		const rename = async (value: string) => {
			peer.edit((doc) => setField(doc, { projectId: id, field: 'name', value }));
			await peer.saved();
		};
		return { dataDir, peer, rename };
	}
	const commandOf = (file: string) => ['server/cli/tongchou.ts', 'backup', file];

	test('of its program: there is no half of a copy, work goes on, and the next one is whole', async () => {
		const { dataDir, peer, rename } = await prepare();
		const file = join(temporaryDataDir(), 'copy.sqlite');
		const child = await run(dataDir, commandOf(file));
		expect(await killOnce(child, `${file}.unfinished`, 1)).toBe(true);
		expect(existsSync(file)).toBe(false);
		await rename('照常');
		expect(await tongchou(dataDir, ['backup', file])).toMatchObject({ code: 0 });
		const restored = temporaryDataDir();
		expect(await tongchou(restored, ['restore', file])).toMatchObject({ code: 0 });
		expect(await soundProjects(restored)).toBe(56);
		peer.leave();
	}, 120_000);

	test('of the server: the copy is whole, and so is what it was taken from', async () => {
		const { dataDir, rename } = await prepare();
		await rename('之前');
		const file = join(temporaryDataDir(), 'copy.sqlite');
		const child = await run(dataDir, commandOf(file));
		const copied = once(child, 'exit');
		await untilWritten(child, `${file}.unfinished`, 1);
		await running!.stop('SIGKILL');
		expect(await copied).toEqual([0, null]);
		const restored = temporaryDataDir();
		expect(await tongchou(restored, ['restore', file])).toMatchObject({ code: 0 });
		expect(await soundProjects(restored)).toBe(56);
		running = await startServer({ dataDir, program: PROGRAM });
		expect(await soundProjects(dataDir)).toBe(56);
	}, 120_000);
});

describe('kill -9 while the journal is packed', () => {
	const CONNECTIONS = 4;
	const EDITS_EACH = 2_000;
	const PACK = ['history', 'pack'];
	let written: string;

	/** A journal of which six segments can be packed. */
	beforeAll(async () => {
		written = temporaryDataDir();
		const app = await startSyncApp({ dataDir: written });
		const mei = await app.addPerson('mei', 'planner');
		for (let connection = 0; connection < CONNECTIONS; connection++) {
			const peer = await BoardPeer.join(app, BOARD, mei);
			const { id = '' } = peer.board.projects[connection] ?? {};
			for (let value = 1; value <= EDITS_EACH; value++)
				peer.edit((doc) => setField(doc, { projectId: id, field: 'totalInvestmentYuan', value }));
			await peer.saved();
			peer.leave();
		}
		await app.close();
	}, 120_000);

	/** Entries of the board, read from segments and rows. */
	async function hashes(dataDir: string): Promise<string[]> {
		const { db } = connect(`sqlite:${databaseIn(dataDir)}`);
		const entries = await Array.fromAsync(new Journal(db).entries(BOARD));
		await db.destroy();
		return entries.map(({ hash }) => hash);
	}

	/** Of the write-ahead log: within the first segment, and within a later one. */
	test.each([1, 700_000])(
		'when %i bytes are written: every entry is there, and packing goes on',
		async (bytes) => {
			const dataDir = temporaryDataDir();
			cpSync(written, dataDir, { recursive: true });
			const before = await hashes(dataDir);
			expect(before.length).toBeGreaterThan(CONNECTIONS * EDITS_EACH);
			const child = await run(dataDir, ['server/cli/tongchou.ts', ...PACK]);
			expect(await killOnce(child, `${databaseIn(dataDir)}-wal`, bytes)).toBe(true);
			expect(await hashes(dataDir)).toEqual(before);
			await soundProjects(dataDir);
			expect(await tongchou(dataDir, PACK)).toMatchObject({ code: 0 });
			expect(await hashes(dataDir)).toEqual(before);
			expect(await tongchou(dataDir, PACK)).toMatchObject({
				stdout: expect.stringContaining('nothing to pack')
			});
			await soundProjects(dataDir);
		},
		120_000
	);
});
