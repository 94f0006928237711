import { execFileSync, spawnSync } from 'node:child_process';
import {
	chmodSync,
	chownSync,
	closeSync,
	openSync,
	readdirSync,
	readFileSync,
	statSync,
	writeSync
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SYSTEM } from '#server/audit/who.ts';
import { ensureNotes, setField } from '#doc/mutators.ts';
import { findNotes } from '#doc/schema.ts';
import { BoardPeer } from '../support/board-peer.ts';
import { type ServerProcess, startServer, temporaryDataDir } from '../support/server-process.ts';
import { BOARD, runSql, startSyncApp, type SyncApp, type TestPerson } from '../support/sync-app.ts';
import { until } from '../support/until.ts';

const OTHER = 'other';
const PAGE_BYTES = 4_096;

let dataDir: string;
let mei: TestPerson;
let app: SyncApp | undefined;
const databasePath = () => join(dataDir, 'tongchou.sqlite');

/** Two boards, one of them with a text that is found again in the file, and nobody on them. */
beforeEach(async () => {
	dataDir = temporaryDataDir();
	app = await startSyncApp({ dataDir, limits: { idleRoomMs: 1 } });
	mei = await app.addPerson('mei', 'planner');
	const { boards, portfolio } = app.app.context;
	const projects = portfolio.projects.slice(0, 40);
	await boards.create({ id: OTHER, title: '另一块', template: 'stages' }, SYSTEM, { projects });
	await boards.addMember(OTHER, { email: mei.email, role: 'planner' }, { who: SYSTEM, role: 'owner' });
});
afterEach(async () => {
	await app?.close();
	app = undefined;
});

async function restart(): Promise<SyncApp> {
	await app?.close();
	app = await startSyncApp({ dataDir });
	return app;
}

async function writeNotes(peer: BoardPeer, text: string): Promise<void> {
	const { id } = peer.board.projects[0]!;
	peer.edit((doc) => {
		ensureNotes(doc, id);
		findNotes(doc, id)!.insert(0, [new Y.XmlText(text)]);
	});
	await peer.saved();
}

/** Overwrites bytes of the database file, as a bad disk does. */
function damage(at: number, bytes: Uint8Array): void {
	const file = openSync(databasePath(), 'r+');
	writeSync(file, bytes, 0, bytes.length, at);
	closeSync(file);
}

/** Where bytes stand in the database file, everything written ahead folded into it. */
function offsetOf(bytes: Uint8Array): number {
	const file = new DatabaseSync(databasePath());
	file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
	file.close();
	const offset = readFileSync(databasePath()).indexOf(bytes);
	expect(offset).toBeGreaterThan(0);
	return offset;
}

/** A damaged board is refused, by name in the log; the others open. */
async function expectOnlyOtherRefused(): Promise<void> {
	const running = await restart();
	await expect(BoardPeer.open(running, OTHER, mei)).rejects.toMatchObject({ status: 503 });
	const line = running.log.find(({ board, level }) => board === OTHER && level === 50);
	expect(line).toMatchObject({ msg: 'upgrade failed', err: { message: expect.any(String) as string } });
	await expect(running.app.context.boardReader.read(OTHER)).rejects.toThrow();
	const good = await BoardPeer.join(running, BOARD, mei);
	expect(good.board.projects).toHaveLength(56);
	const { id } = good.board.projects[0]!;
	good.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '还能改' }));
	await good.saved();
	good.leave();
}

describe('a damaged disk', () => {
	test('a changed page of an update: its board is refused, never shown in part', async () => {
		const peer = await BoardPeer.join(app!, OTHER, mei);
		const text = '记录'.repeat(20_000);
		await writeNotes(peer, text);
		peer.leave();
		await app!.close();
		app = undefined;
		damage(offsetOf(Buffer.from(text.slice(0, 1_000))) + 2 * PAGE_BYTES, Buffer.from('改过的'));
		runSql({ databaseUrl: `sqlite:${databasePath()}` }, 'delete from snapshot');
		await expectOnlyOtherRefused();
	});

	test('a page that is no page any more: the same', async () => {
		await app!.close();
		app = undefined;
		const database = new DatabaseSync(databasePath(), { readOnly: true });
		const row = database.prepare(`select hash from journal where board_id = ? and seq = 30`).get(OTHER)!;
		database.close();
		const page = Math.floor(offsetOf(Buffer.from(String(row.hash))) / PAGE_BYTES);
		damage(page * PAGE_BYTES, new Uint8Array(PAGE_BYTES).fill(0xff));
		runSql({ databaseUrl: `sqlite:${databasePath()}` }, 'delete from snapshot');
		await expectOnlyOtherRefused();
	});

	test('damaged snapshots: the board opens from its journal', async () => {
		const peer = await BoardPeer.join(app!, OTHER, mei);
		await writeNotes(peer, '之后');
		const shown = peer.board;
		peer.leave();
		const count = async () => (await app!.database.db.selectFrom('snapshot').select('seq').execute()).length;
		await until('a snapshot', async () => (await count()) > 0);
		runSql(app!, `update snapshot set state = zeroblob(length(state))`);
		const again = await BoardPeer.join(await restart(), OTHER, mei);
		expect(again.board).toEqual(shown);
		again.leave();
	});
});

describe('a database that cannot be written', () => {
	const NOBODY = 65_534;
	const isRoot = process.getuid?.() === 0;
	/** Root could write it all the same. */
	const asNobody = isRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];

	/** Runs the server to its end; its exit code and the lines it said. */
	function runToItsEnd(): { code: number; lines: string[] } {
		const [program = '', ...args] = [...asNobody, process.execPath, 'tests/support/limited-server.ts'];
		const { status, stderr } = spawnSync(program, args, {
			env: { ...process.env, DATA_DIR: dataDir, PORT: '1' },
			encoding: 'utf8'
		});
		return { code: status ?? 0, lines: stderr.trim().split('\n') };
	}
	const chmodAll = (mode: number) =>
		readdirSync(dataDir).forEach((name) => chmodSync(join(dataDir, name), mode));

	test('because of its folder: the server says so and ends', async () => {
		await app!.close();
		app = undefined;
		chmodSync(dataDir, 0o555);
		const { code, lines } = runToItsEnd();
		chmodSync(dataDir, 0o755);
		expect(code).toBeGreaterThan(0);
		expect(lines.join('\n')).toMatch(/cannot be written/);
	});

	test('because of the file: the server says so and ends', async () => {
		await app!.close();
		app = undefined;
		chmodAll(0o444);
		if (isRoot) chownSync(dataDir, NOBODY, NOBODY);
		const { code, lines } = runToItsEnd();
		expect(code).toBeGreaterThan(0);
		expect(lines.join('\n')).toMatch(
			/cannot write to the database .*tongchou\.sqlite: attempt to write a readonly database/
		);
	});
});

describe('a full disk', () => {
	let server: ServerProcess;
	afterEach(() => server.stop());

	/** Files of the server cannot grow beyond this; undefined = as they like. */
	const limitFiles = (bytes: number | undefined) =>
		execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes ?? 'unlimited'}:unlimited`]);

	test('nothing is acked or shown that does not fit; when there is room again, nothing is lost', async () => {
		await app!.close();
		app = undefined;
		server = await startServer({ dataDir, program: 'tests/support/limited-server.ts' });
		const [one, two] = [await BoardPeer.join(server, BOARD, mei), await BoardPeer.join(server, BOARD, mei)];
		await Promise.all([one.saved(), two.saved()]);
		const { id, name } = one.board.projects[0]!;
		limitFiles(statSync(`${databasePath()}-wal`).size);
		one.edit((doc) => setField(doc, { projectId: id, field: 'name', value: '写不下' }));
		expect([await one.raw.closeCode(), await two.raw.closeCode()]).toEqual([1013, 1013]);
		expect(one.acked).toBe(1);
		expect(two.nameOf(id)).toBe(name);
		// reading goes on
		const reader = await BoardPeer.join(server, BOARD, mei);
		expect(reader.nameOf(id)).toBe(name);
		reader.leave();

		limitFiles(undefined);
		const again = await BoardPeer.join(server, BOARD, mei, { doc: one.doc });
		await again.saved();
		expect(again.nameOf(id)).toBe('写不下');
		again.leave();
	});
});
