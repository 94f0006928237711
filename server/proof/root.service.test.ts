import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RootService } from './root.service.ts';

let dataDir: string;
let seq = 1;
const journal = {
	heads: () =>
		Promise.resolve([{ boardId: 'b', seq, hash: '0'.repeat(64), receivedAt: '2026-11-25T00:00:00Z' }])
};
const open = () => new RootService({ journal, dataDir });
const rootsThere = () => readdirSync(join(dataDir, 'roots')).sort();

beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'tongchou-roots-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('the private key is for its owner alone, made once, and its public half stands beside it', async () => {
	const { root } = await open().write();
	const path = join(dataDir, 'root-key.pem');
	const key = readFileSync(path, 'utf8');
	expect(statSync(path).mode & 0o777).toBe(0o600);
	expect((await open().write()).root.key).toBe(root.key);
	expect(readFileSync(path, 'utf8')).toBe(key);
	expect(await open().publicKeys()).toMatch(/^-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\n$/);
	for (const name of rootsThere())
		expect(readFileSync(join(dataDir, 'roots', name), 'utf8')).not.toContain('PRIVATE');
});

test('a day in China gets one root by itself; one that is asked for stands beside it, and none is written twice', async () => {
	const evening = new Date('2026-11-25T15:59:00Z');
	const midnight = new Date('2026-11-25T16:00:00Z');
	expect(await open().writeDaily(evening)).toBe('2026-11-25.json');
	const first = readFileSync(join(dataDir, 'roots', '2026-11-25.json'), 'utf8');
	seq += 1;
	expect(await open().writeDaily(evening)).toBeUndefined();
	expect((await open().write(evening)).name).toBe('2026-11-25.2.json');
	expect((await open().write(evening)).name).toBe('2026-11-25.3.json');
	expect(await open().writeDaily(midnight)).toBe('2026-11-26.json');
	expect(readFileSync(join(dataDir, 'roots', '2026-11-25.json'), 'utf8')).toBe(first);
	expect((await open().list()).map(({ name, problem }) => [name, problem])).toEqual([
		['2026-11-25.json', null],
		['2026-11-25.2.json', null],
		['2026-11-25.3.json', null],
		['2026-11-26.json', null]
	]);
});

test('many who write at once each get a file of their own', async () => {
	const now = new Date('2026-11-25T03:00:00Z');
	const written = await Promise.all(Array.from({ length: 8 }, () => open().write(now)));
	expect(new Set(written.map(({ name }) => name)).size).toBe(8);
	expect((await open().list()).every(({ problem }) => problem === null)).toBe(true);
});

test('before an export a root is written if anything came since the newest one', async () => {
	const one = await open().writeIfMoved();
	expect(await open().writeIfMoved()).toEqual(one);
	seq += 1;
	expect((await open().writeIfMoved()).root).not.toBe(one.root);
});

test('a key that was lost leaves the roots it signed sound', async () => {
	await open().write();
	rmSync(join(dataDir, 'root-key.pem'));
	await open().write();
	const listed = await open().list();
	expect(new Set(listed.map(({ root }) => root?.key)).size).toBe(2);
	expect(listed.map(({ problem }) => problem)).toEqual([null, null]);
});

test('a root that somebody wrote into the folder is told from ours', async () => {
	const { name } = await open().write();
	const path = join(dataDir, 'roots', name);
	chmodSync(path, 0o644);
	writeFileSync(path, readFileSync(path, 'utf8').replace('"seq": ', '"seq": 1'));
	writeFileSync(join(dataDir, 'roots', '2020-01-01.json'), '{');
	expect((await open().list()).map(({ problem }) => problem)).toEqual(['unreadable', 'other-boards']);
});

test('a folder that cannot be made is said, and costs nothing else', async () => {
	writeFileSync(join(dataDir, 'roots'), 'in the way');
	await expect(open().writeDaily(new Date())).rejects.toThrow();
	rmSync(join(dataDir, 'roots'));
	await expect(open().writeDaily(new Date())).resolves.toMatch(/json$/);
});
