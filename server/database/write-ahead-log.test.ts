import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { SqliteFile, sqliteDialectOf } from './sqlite.ts';
import { type CommitLog, WriteAheadLog } from './write-ahead-log.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tongchou-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A log whose disk is as slow as a test wants it. */
class SlowLog implements CommitLog {
	#flushing: PromiseWithResolvers<void> | undefined;
	flush(): Promise<void> {
		this.#flushing ??= Promise.withResolvers();
		return this.#flushing.promise;
	}
	settled(): Promise<void> {
		return this.#flushing?.promise ?? Promise.resolve();
	}
	finish(): void {
		this.#flushing?.resolve();
		this.#flushing = undefined;
	}
	close(): Promise<void> {
		return Promise.resolve();
	}
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
	await new Promise((resolve) => setImmediate(resolve));
	return (await Promise.race([promise, Promise.resolve('pending')])) === 'pending';
}

test('neither the writer nor a reader hears of a commit that the disk has not taken', async () => {
	const path = join(folder, 'board.db');
	const setUp = connect(`sqlite:${path}`);
	await sql`create table note (text text)`.execute(setUp.db);
	await setUp.db.destroy();
	const log = new SlowLog();
	const files = { writer: new SqliteFile(path), reader: new SqliteFile(path), log };
	const db = new Kysely<{ note: { text: string } }>({ dialect: sqliteDialectOf(files) });
	const written = db.transaction().execute((trx) => trx.insertInto('note').values({ text: '一' }).execute());
	expect(await isPending(written)).toBe(true);
	const read = db.selectFrom('note').select('text').execute();
	expect(await isPending(read)).toBe(true);
	const single = db.insertInto('note').values({ text: '二' }).execute();
	expect(await isPending(single)).toBe(true);
	log.finish();
	await written;
	await single;
	expect((await read).map(({ text }) => text)).toContain('一');
	await db.destroy();
});

test('commits that come while the disk is busy share one flush, and none is left out', async () => {
	const path = join(folder, 'board.db');
	const { db } = connect(`sqlite:${path}`);
	await sql`create table note (text text)`.execute(db);
	const log = new WriteAheadLog(`${path}-wal`);
	const first = log.flush();
	expect(log.flush()).toBe(first);
	await Promise.resolve(); // it has begun
	const [second, third] = [log.flush(), log.flush()];
	expect(second).not.toBe(first);
	expect(third).toBe(second);
	await log.settled();
	expect(await isPending(second)).toBe(false);
	await log.close();
	await db.destroy();
});

test('a disk that does not take what it is given ends the program', async () => {
	const lost: unknown[] = [];
	// a device that cannot be flushed
	const log = new WriteAheadLog('/dev/null', (error) => lost.push(error));
	await expect(log.flush()).rejects.toThrow('EINVAL');
	expect(lost).toHaveLength(1);
	await expect(log.flush()).rejects.toThrow('EINVAL');
});
