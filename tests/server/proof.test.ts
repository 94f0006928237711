import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '#server/cli/run-command.ts';
import type { ExportFinding } from '#server/proof/check-export.ts';
import { startServer, temporaryDataDir, tongchou } from '../support/server-process.ts';
import { until } from '../support/until.ts';

const dataDir = temporaryDataDir();
const there = (...parts: string[]) => join(dataDir, ...parts);
const roots = () => readdirSync(there('roots'));
async function run(...args: string[]) {
	const readStandardInput = () => Promise.resolve('');
	const { code, output, error } = await runCommand(args, { env: { DATA_DIR: dataDir }, readStandardInput });
	return { code, output, error };
}
const verifyExport = (file: string, ...more: string[]) =>
	run('history', 'verify', '--export', file, '--key', there('root-key.pub.pem'), ...more);

afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('the first start of the server makes the key and signs a root; the next of that day none', async () => {
	for (let start = 0; start < 2; start++) {
		const server = await startServer({ dataDir });
		await until('a root', () => existsSync(there('roots')) && roots().some((name) => name.endsWith('.json')));
		expect(server.output()).not.toContain('PRIVATE KEY');
		expect(await server.stop()).toBe(0);
	}
	expect(roots()).toHaveLength(1);
	expect(statSync(there('root-key.pem')).mode & 0o777).toBe(0o600);
}, 240_000);

test('a data folder in which no root can be written costs the server nothing else', async () => {
	const folder = there('roots');
	renameSync(folder, there('kept'));
	writeFileSync(folder, 'in the way');
	const server = await startServer({ dataDir });
	await until('it is logged', () => server.output().includes('the root of the day was not written'));
	expect((await fetch(`${server.origin}/readyz`)).status).toBe(200);
	expect(await server.stop()).toBe(0);
	rmSync(folder);
	renameSync(there('kept'), folder);
}, 240_000);

describe('on the command line', () => {
	test('a root is written beside that of the day, and says where', async () => {
		const { code, output } = await run('history', 'root');
		expect(code).toBe(0);
		expect(existsSync(output.replace('wrote ', ''))).toBe(true);
		expect(roots()).toHaveLength(2);
	});

	test('the public key is shown, and nowhere the private one', async () => {
		const { output } = await run('history', 'key');
		expect(output).toBe(readFileSync(there('root-key.pub.pem'), 'utf8').trim());
		const secret = readFileSync(there('root-key.pem'), 'utf8').split('\n')[1]!;
		const copy = there('backup.sqlite');
		expect((await run('backup', copy)).code).toBe(0);
		for (const file of ['tongchou.sqlite', 'backup.sqlite'])
			expect(readFileSync(there(file)).includes(secret)).toBe(false);
	});

	test('an export is verified by another program that has nothing but it and the public key', async () => {
		const file = there('history.jsonl');
		expect(await run('history', 'export', '--out', file)).toMatchObject({ code: 0, output: `wrote ${file}` });
		const elsewhere = temporaryDataDir();
		const key = there('root-key.pub.pem');
		const args = ['history', 'verify', '--export', file, '--key', key, '--roots', there('roots')];
		const { code, stdout } = await tongchou(elsewhere, [...args, '--json']);
		expect([code, JSON.parse(stdout)]).toMatchObject([0, { ok: true, problem: null }]);
		expect(readdirSync(elsewhere)).toEqual([]);
	});

	test('an export that was changed ends with 1 and names the entry', async () => {
		const text = readFileSync(there('history.jsonl'), 'utf8');
		const file = there('changed.jsonl');
		writeFileSync(file, text.replace(/("dianzhong",7,\d+,)"system"/, '$1"somebody"'));
		const { code, output } = await verifyExport(file);
		expect(code).toBe(1);
		expect(output).toContain('dianzhong: entry 7 is not what was written');
		const { output: json } = await verifyExport(file, '--json');
		expect((JSON.parse(json) as ExportFinding).boards).toMatchObject([{ firstBadSeq: 7 }]);
	});

	test.each([
		['an export without a key', ['--export', 'x']],
		['a key without an export', ['--key', 'x']],
		['a key that is not there', ['--export', 'x', '--key', '/nowhere.pem']],
		['a file that is not there', ['--export', '/nowhere.jsonl', '--key', there('root-key.pub.pem')]],
		['a private key', ['--export', there('history.jsonl'), '--key', there('root-key.pem')]],
		[
			'roots that are not there',
			['--export', there('history.jsonl'), '--key', there('root-key.pub.pem'), '--roots', '/nowhere']
		]
	])('%s is wrong use', async (_, args) => {
		const { code, error } = await run('history', 'verify', ...args);
		expect([code, error.split('\n').length]).toEqual([2, 1]);
	});

	test('an export without a place, over a file, or of no board is not made', async () => {
		expect((await run('history', 'export')).code).toBe(2);
		expect(await run('history', 'export', '--out', there('history.jsonl'))).toMatchObject({ code: 1 });
		expect(await run('history', 'export', '--board', 'none', '--out', there('n.jsonl'))).toMatchObject({
			code: 1
		});
		expect(await run('history', 'export', '--out', there('no', 'folder', 'n.jsonl'))).toMatchObject({
			code: 1
		});
		expect(existsSync(there('n.jsonl'))).toBe(false);
	});

	test('verifying says which signed root covers what', async () => {
		const { code, output } = await run('history', 'verify');
		expect(code).toBe(0);
		expect(output).toMatch(
			/^dianzhong: 57 entries, all sound; all of them under the signed root [\d.-]+json$/
		);
	});

	test('a board that is gone with all its traces is told by the root', async () => {
		expect((await run('board', 'create', '--id', 'gone', '--title', '去')).code).toBe(0);
		expect((await run('history', 'root')).code).toBe(0);
		const database = new DatabaseSync(there('tongchou.sqlite'));
		database.exec(`DROP TRIGGER journal_no_delete; PRAGMA foreign_keys = off;
			DELETE FROM journal WHERE board_id = 'gone'; DELETE FROM change WHERE board = (SELECT id FROM change_term WHERE board = 0 AND text = 'gone');
			DELETE FROM snapshot WHERE board_id = 'gone'; DELETE FROM board WHERE id = 'gone'`);
		database.close();
		const { code, output } = await run('history', 'verify');
		expect(code).toBe(1);
		expect(output).toMatch(/^gone: entry 1 is missing, and all after it, by the signed root /m);
	});

	test('after an older backup was put in place, verifying says what it lacks', async () => {
		expect((await run('restore', there('backup.sqlite'))).code).toBe(0);
		const { code, output } = await run('history', 'verify');
		expect(code).toBe(1);
		expect(output).toMatch(/^gone: entry 1 is missing/m);
		mkdirSync(there('before the restore'));
		for (const name of roots()) renameSync(there('roots', name), there('before the restore', name));
		expect((await run('history', 'verify')).code).toBe(0);
	});
});
