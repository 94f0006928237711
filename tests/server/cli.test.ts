import { existsSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import type { ExportedBoard } from '#server/boards/board.service.ts';
import { runCommand } from '#server/cli/run-command.ts';
import { HttpClient } from '../support/http-client.ts';
import { command, PASSWORD } from '../support/server-people.ts';
import {
	type CommandResult,
	type ServerProcess,
	START_TIMEOUT_MS,
	startServer,
	temporaryDataDir,
	tongchou
} from '../support/server-process.ts';

const dataDir = temporaryDataDir();
/** Most of what a command does is tried in this process; that the program behaves so too is tried below. */
const run = (...args: string[]) => runWith(args);
async function runWith(args: string[], input = ''): Promise<CommandResult> {
	const env = { DATA_DIR: dataDir };
	const outcome = await runCommand(args, { env, readStandardInput: () => Promise.resolve(input) });
	return { code: outcome.code, stdout: outcome.output, stderr: outcome.error };
}
/** A command that must work; what it found. */
async function found<T = unknown>(args: string[]): Promise<T> {
	const { code, stdout, stderr } = await run(...args, '--json');
	if (code !== 0) throw new Error(stderr);
	return JSON.parse(stdout) as T;
}
const ORG = 'org-km-fagaiwei';
const file = (name: string, content: unknown) => {
	const path = join(dataDir, name);
	writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
	return path;
};

describe('wrong use ends with 2 and says what is wrong', () => {
	test.each<[string, string[], RegExp]>([
		['no command', ['fly'], /fly is no command/],
		['half a command', ['user'], /user is no command/],
		['a missing option', ['user', 'add', '--email', 'a@example.cn'], /--name is missing/],
		['an option nobody knows', ['board', 'list', '--colour', 'red'], /colour/],
		['an option without its value', ['board', 'archive', '--board'], /board/],
		[
			'a role nobody knows',
			['member', 'add', '--board', 'b', '--email', 'e', '--role', 'king'],
			/--role is one of owner/
		],
		[
			'a template nobody knows',
			['board', 'create', '--id', 'x', '--title', 'x', '--template', 'scrum'],
			/--template is one of/
		],
		[
			'a file that is not there',
			['board', 'create', '--id', 'x', '--title', 'x', '--from', '/nowhere.json'],
			/cannot read/
		],
		['too much', ['board', 'list', 'all'], /all is too much/],
		['no file', ['backup'], /FILE is missing/],
		['no limit', ['audit', 'list', '--limit', 'all'], /--limit/]
	])('%s', async (_, args, message) => {
		const { code, stdout, stderr } = await run(...args);
		expect([code, stdout]).toEqual([2, '']);
		expect(stderr).toMatch(message);
		expect(stderr.trim().split('\n')).toHaveLength(1);
	});

	test('nothing at all shows the help', async () => {
		const [bare, asked] = [await run(), await run('--help')];
		expect([bare.code, asked.code]).toEqual([2, 0]);
		for (const name of [
			'user add',
			'user disable',
			'org add',
			'board export',
			'member remove',
			'history verify',
			'restore'
		])
			expect(asked.stdout).toContain(name);
	});

	test('a wrong setting ends with 78', async () => {
		const { code, stderr } = await tongchou(dataDir, ['board', 'list'], '', { PORT: 'http' });
		expect([code, stderr]).toEqual([78, expect.stringMatching(/^tongchou: PORT /)]);
	});
});

describe('on a database that no server has seen yet', () => {
	test('there is what a server would have put there', async () => {
		expect(await found(['board', 'list'])).toMatchObject([{ id: 'dianzhong', archivedAt: null }]);
		expect(await found(['org', 'list'])).toEqual(
			expect.arrayContaining([expect.objectContaining({ id: ORG })])
		);
		expect(await found(['migrate'])).toEqual({ ok: true });
	});
});

describe('a refusal ends with 1 and says why, and nothing was done', () => {
	const user = (...more: string[]) => [
		'user',
		'add',
		'--email',
		'x@example.cn',
		'--name',
		'x',
		'--role',
		'planner',
		...more
	];
	test.each<[string, string[], RegExp]>([
		['an organisation nobody knows', user('--org', 'org-nowhere'), /there is no organisation org-nowhere/],
		[
			'an address that is none',
			['user', 'add', '--email', 'x', '--name', 'x', '--org', ORG, '--role', 'planner'],
			/is not a mail address/
		],
		['a person nobody knows', ['user', 'disable', '--email', 'nobody@example.cn'], /nobody has the address/],
		['a board nobody knows', ['board', 'export', 'nowhere'], /there is no board nowhere/],
		['a member of no board', ['member', 'list', '--board', 'nowhere'], /there is no board nowhere/],
		['a board that is there', ['board', 'create', '--id', 'dianzhong', '--title', 'x'], /there already/],
		['an id that is none', ['board', 'create', '--id', '../x', '--title', 'x'], /is not an id/],
		['an organisation that is there', ['org', 'add', '--id', ORG, '--name', 'x'], /there already/],
		['a token nobody made', ['token', 'revoke', 'x'], /there is no token/],
		['the history of no board', ['history', 'verify', '--board', 'nowhere'], /there is no board nowhere/]
	])('%s', async (_, args, message) => {
		const { code, stdout, stderr } = await run(...args, '--json');
		expect([code, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(message);
		expect(stderr.trim().split('\n')).toHaveLength(1);
	});

	test('too short a password', async () => {
		const { code, stderr } = await runWith([...user('--org', ORG), '--password-stdin'], 'short\n');
		expect([code, stderr]).toEqual([1, expect.stringMatching(/a password has 10–128 characters/)]);
		expect(await found(['user', 'list'])).toEqual([]);
	});
});

test('people come, change and go', async () => {
	const add = [
		'user',
		'add',
		'--email',
		'Li@Example.cn',
		'--name',
		'李梅',
		'--org',
		ORG,
		'--role',
		'planner'
	];
	const added = await run(...add);
	expect([added.code, added.stderr]).toEqual([0, '']);
	expect(added.stdout).toMatch(/^added li@example\.cn\npassword: \S{16}$/);
	expect(await run(...add)).toMatchObject({
		code: 1,
		stderr: expect.stringMatching(/has an account already/)
	});
	const change = ['user', 'change', '--email', 'li@example.cn', '--role', 'coordinator', '--name', '李 梅'];
	expect(await found(change)).toMatchObject({
		role: 'coordinator',
		name: '李 梅',
		organisationId: ORG
	});
	expect((await found<{ password: string }>(['user', 'password', 'li@example.cn'])).password).toHaveLength(
		16
	);
	await found(['member', 'add', '--board', 'dianzhong', '--email', 'li@example.cn', '--role', 'planner']);
	expect(await found(['member', 'list', 'dianzhong'])).toMatchObject([
		{ email: 'li@example.cn', role: 'planner' }
	]);
	expect(await found(['user', 'show', 'li@example.cn'])).toMatchObject({
		memberships: [{ boardId: 'dianzhong', role: 'planner' }],
		sessions: []
	});
	await found(['member', 'remove', '--board', 'dianzhong', '--email', 'li@example.cn']);
	expect(await found(['member', 'list', 'dianzhong'])).toEqual([]);
	const { token } = await found<{ token: string }>(['token', 'create', '--email', 'li@example.cn']);
	expect(token).toMatch(/^tc_[\w-]{43}$/);
	expect(await found(['user', 'disable', 'li@example.cn'])).toMatchObject({ isDisabled: true });
	expect(await found(['token', 'list'])).toEqual([]);
	expect(await run('token', 'create', '--email', 'li@example.cn')).toMatchObject({ code: 1 });
	const { id } = await found<{ id: string }>(['user', 'erase', 'li@example.cn']);
	const left = await run('user', 'list', '--json');
	expect(JSON.parse(left.stdout)).toMatchObject([
		{ id, name: '已注销用户', isDisabled: true, organisationId: null }
	]);
	expect(left.stdout).not.toMatch(/李|li@example/);
});

const NOTES = [
	{ element: 'paragraph', content: [{ text: [{ insert: '见 ' }, { insert: '附件', marks: { bold: {} } }] }] }
];
const PROJECT = {
	id: 'p1',
	name: '测试铁路',
	stage: 'construction',
	sector: 'rail',
	subtype: '城际',
	cities: ['530100'],
	totalInvestmentYuan: 1_200_000_000,
	notes: NOTES
};

describe('a board goes out as a file and comes in again', () => {
	/** What a board is, without when and where it stands. */
	const contentOf = ({ template, stages, projects }: ExportedBoard) => ({ template, stages, projects });

	test('the same under another id: stages, order, fields', async () => {
		const before = await found<ExportedBoard>(['board', 'export', '--board', 'dianzhong']);
		const from = file('dianzhong.json', (await run('board', 'export', 'dianzhong')).stdout);
		await found(['board', 'create', '--id', 'copy', '--title', '复本', '--from', from]);
		const after = await found<ExportedBoard>(['board', 'export', 'copy']);
		expect(contentOf(after)).toEqual(contentOf(before));
		expect(after).toMatchObject({ id: 'copy', title: '复本' });
		expect(after.projects).toHaveLength(56);
	});

	test('notes, subtypes and stages of its own too', async () => {
		const stages = [
			{ id: 'ideas', name: '设想', nameEn: 'Ideas' },
			{ id: 'construction', name: '在建', nameEn: 'Under construction' }
		];
		const from = file('own.json', { template: 'investment', stages, projects: [PROJECT] });
		expect(await found(['board', 'create', '--id', 'own', '--title', '自定', '--from', from])).toMatchObject({
			template: 'investment'
		});
		const own = await found<ExportedBoard>(['board', 'export', 'own']);
		expect(own.stages.map(({ id, name }) => [id, name])).toEqual([
			['ideas', '设想'],
			['construction', '在建']
		]);
		expect(own.projects).toMatchObject([{ ...PROJECT, hasNotes: true }]);
		await found(['board', 'create', '--id', 'own2', '--title', '又', '--from', file('own2.json', own)]);
		expect(contentOf(await found<ExportedBoard>(['board', 'export', 'own2']))).toEqual(contentOf(own));
	});

	const bad = (more: object) => [PROJECT, { ...PROJECT, id: 'p2', ...more }];
	test.each<[string, unknown, RegExp]>([
		['no JSON', '{"projects": [', /not JSON/],
		['a stage nobody knows', bad({ stage: 'nowhere' }), /project p2: there is no stage nowhere/],
		['an id that stands twice', bad({ id: 'p1' }), /project p1 is on the board already/],
		['a negative sum', bad({ totalInvestmentYuan: -1 }), /project p2: totalInvestmentYuan/],
		['a city that is none', bad({ cities: ['Kunming'] }), /project p2: cities/],
		['a name that turns its direction', bad({ name: 'a\u202eb' }), /project p2: name/],
		['notes with a script', bad({ notes: [{ element: 'script', content: [] }] }), /project p2/],
		[
			'notes with a link that runs something',
			bad({
				notes: [
					{
						element: 'paragraph',
						content: [{ text: [{ insert: 'x', marks: { link: { href: 'javascript:alert(1)' } } }] }]
					}
				]
			}),
			/project p2/
		],
		['a field nobody knows', bad({ colour: 'red' }), /project p2: colour/]
	])('%s: the record is named, and no board is there', async (_, content, message) => {
		const from = file('bad.json', content);
		const { code, stderr } = await run('board', 'create', '--id', 'bad', '--title', '坏', '--from', from);
		expect(code).toBe(1);
		expect(stderr).toMatch(message);
		const boards = await found<{ id: string }[]>(['board', 'list']);
		expect(boards.map(({ id }) => id)).not.toContain('bad');
	});

	test('what fails half way leaves nothing behind', async () => {
		const database = new DatabaseSync(join(dataDir, 'tongchou.sqlite'));
		database.exec(`CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.board_id = 'half' AND NEW.seq = 40
			BEGIN SELECT raise(abort, 'disk full'); END`);
		const from = join(dataDir, 'dianzhong.json');
		const args = ['board', 'create', '--id', 'half', '--title', '半', '--from', from];
		const { code, stderr } = await run(...args);
		expect([code, stderr]).toEqual([1, expect.stringContaining('disk full')]);
		for (const [table, column] of [
			['board', 'id'],
			['journal', 'board_id'],
			['change_term', 'text'],
			['client_owner', 'board_id']
		])
			expect(database.prepare(`SELECT count(*) AS n FROM "${table}" WHERE ${column} = 'half'`).get()).toEqual(
				{ n: 0 }
			);
		database.exec('DROP TRIGGER full');
		database.close();
		expect((await run(...args)).code).toBe(0);
	});
});

describe('the history', () => {
	test('is sound, and can be derived again', async () => {
		const sound = await found<object[]>(['history', 'verify']);
		expect(sound).toContainEqual(
			expect.objectContaining({ board: 'dianzhong', ok: true, entries: 57, firstBadSeq: null })
		);
		expect(await found(['history', 'rebuild', '--board', 'dianzhong'])).toEqual({
			boards: ['dianzhong']
		});
	});

	test('is found out where it was changed', async () => {
		const database = new DatabaseSync(join(dataDir, 'tongchou.sqlite'));
		database.exec(`DROP TRIGGER journal_no_update;
			UPDATE journal SET actor_id = 'somebody-else' WHERE board_id = 'copy' AND seq = 7`);
		database.close();
		const { code, stdout } = await run('history', 'verify', '--board', 'copy');
		expect([code, stdout]).toEqual([1, 'copy: entry 7 is not what was written']);
		const { stdout: json } = await run('history', 'verify', '--board', 'copy', '--json');
		expect(JSON.parse(json)).toMatchObject([{ board: 'copy', ok: false, firstBadSeq: 7 }]);
	});

	test('names what of it is lost, and when that was edited', async () => {
		const database = new DatabaseSync(join(dataDir, 'tongchou.sqlite'));
		database.exec(`DROP TRIGGER journal_no_delete;
			DELETE FROM journal WHERE board_id = 'copy' AND seq IN (3, 4)`);
		database.close();
		const { code, stdout } = await run('history', 'verify', '--board', 'copy');
		const [lost, ...others] = stdout.split('\n');
		expect([code, others]).toEqual([1, ['copy: entry 7 is not what was written']]);
		expect(lost).toMatch(
			/^copy: entries 3 to 4 are missing .* edited between \d{4}-.*Z and \d{4}-.*Z can no longer be shown or verified$/
		);
	});
});

test('the audit tells it all, by the operator', async () => {
	const records = await found<{ userId: string; action: string; sessionId: string }[]>(['audit', 'list']);
	const acts = new Set(records.filter(({ userId }) => userId === 'operator').map(({ action }) => action));
	for (const act of [
		'person-add',
		'person-erase',
		'token-make',
		'member-put',
		'board-export',
		'board-import',
		'history-rebuild'
	])
		expect(acts).toContain(act);
	expect(records[0]!.sessionId).toMatch(/^uid:\d+$/);
});

describe('the program itself', () => {
	test('ends with the code, and keeps answers and messages apart', async () => {
		expect(await tongchou(dataDir, ['fly'])).toEqual({
			code: 2,
			stdout: '',
			stderr: 'tongchou: fly is no command; see --help\n'
		});
		const { code, stdout, stderr } = await tongchou(dataDir, ['board', 'list', '--json']);
		expect([code, stderr]).toEqual([0, '']);
		expect(JSON.parse(stdout)).toMatchObject([{ id: 'dianzhong' }, { id: 'copy' }, {}, {}, {}]);
	});

	test('reads a password from standard input, and is what npx finds', async () => {
		const args = [
			'user',
			'add',
			'--email',
			'in@example.cn',
			'--name',
			'某人',
			'--org',
			ORG,
			'--role',
			'viewer'
		];
		const added = await tongchou(dataDir, [...args, '--password-stdin'], `${PASSWORD}\n`);
		expect(added).toEqual({ code: 0, stdout: 'added in@example.cn\n', stderr: '' });
		const found = realpathSync(join(import.meta.dirname, '../../node_modules/.bin/tongchou'));
		expect(found).toBe(join(import.meta.dirname, '../../server/cli/tongchou.ts'));
		expect(statSync(found).mode & 0o111).not.toBe(0);
	});
});

describe('while the server runs', () => {
	let server: ServerProcess | undefined;
	afterAll(() => server?.stop());

	test(
		'what a command does is in force, and a backup can be taken',
		async () => {
			server = await startServer();
			const add = [
				'user',
				'add',
				'--email',
				'mei@example.cn',
				'--name',
				'李梅',
				'--org',
				ORG,
				'--role',
				'planner'
			];
			await command(server, [...add, '--password-stdin'], PASSWORD);
			const client = new HttpClient(server.origin);
			expect((await client.signIn('mei@example.cn', PASSWORD)).status).toBe(200);
			expect((await client.request('/api/boards/dianzhong')).status).toBe(404);
			await command(server, [
				'member',
				'add',
				'--board',
				'dianzhong',
				'--email',
				'mei@example.cn',
				'--role',
				'planner'
			]);
			expect((await client.request('/api/boards/dianzhong')).status).toBe(200);
			const backup = join(temporaryDataDir(), 'backup.sqlite');
			expect(await command(server, ['backup', backup])).toEqual({ file: backup });
			expect(readFileSync(backup).subarray(0, 15).toString()).toBe('SQLite format 3');
			for (const companion of ['-wal', '-shm', '.unfinished'])
				expect(existsSync(backup + companion)).toBe(false);
			await command(server, ['user', 'disable', '--email', 'mei@example.cn']);
			expect((await client.request('/api/boards')).status).toBe(401);
		},
		START_TIMEOUT_MS
	);
});
