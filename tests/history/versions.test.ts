import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import { VERSIONS_MAX } from '#domain/limits.ts';
import type { Role } from '#domain/roles.ts';
import type { Services } from '#server/app.ts';
import type { Authority } from '#server/boards/board.service.ts';
import type { Connection } from '#server/database/connect.ts';
import { insertVersion } from '#server/history/version.repository.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { addPerson, openServices } from './services.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

const DATABASES: [name: string, url: () => Promise<string | undefined>][] = [
	['SQLite', () => Promise.resolve(undefined)],
	...(postgres ? [['PostgreSQL', () => postgres.createDatabase()] as (typeof DATABASES)[number]] : [])
];

describe.each(DATABASES)('named versions on %s', (_name, urlOf) => {
	let services: Services;
	let connection: Connection;
	let board: WrittenBoard;
	let mei: string;
	let bo: string;
	const as = (userId: string, role: Role = 'planner'): Authority => ({
		who: { userId, sessionId: null, address: null },
		role
	});
	const add = (given: Record<string, unknown>, by = as(mei)) => services.versions.add(board.id, given, by);
	const names = async () => (await services.versions.list(board.id)).map(({ name }) => name);

	beforeAll(async () => {
		({ services, connection } = await openServices(await urlOf()));
		mei = await addPerson(services, '李梅', 'org-km-fagaiwei');
		bo = await addPerson(services, '王波', 'org-yx-zhengfu');
		board = await play(connection.db, []);
		for (const value of ['一', '二', '三']) {
			board.edit(mei, (doc) => setField(doc, { projectId: 'p0', field: 'subtype', value }));
			await board.commit();
		}
	}, 60_000);
	afterAll(() => connection?.db.destroy());

	test('name a moment by its entry, by its time, or now', async () => {
		const { seq: head } = await services.journal.head(board.id);
		const now = await add({ name: ' 第三季度调度会 ', note: '五市都在' });
		expect(now).toMatchObject({
			name: '第三季度调度会',
			note: '五市都在',
			seq: head,
			author: { id: mei, name: '李梅', org: expect.stringContaining('昆明') }
		});
		expect(new Date(now.createdAt).toISOString()).toBe(now.createdAt);
		expect(await add({ name: '之前', at: head - 1 }, as(bo))).toMatchObject({ seq: head - 1, note: '' });
		const { at } = await services.history.boardAt(board.id, String(head - 2));
		expect(await add({ name: '更早', at }, as(bo))).toMatchObject({ seq: head - 2, at });
		expect(await names()).toEqual(['第三季度调度会', '之前', '更早']);
	});

	test('stay at their moment when the board goes on, and leave its history as it is', async () => {
		const before = await board.rows();
		const { seq } = (await services.versions.list(board.id))[0]!;
		board.edit(bo, (doc) => setField(doc, { projectId: 'p0', field: 'subtype', value: '四' }));
		await board.commit();
		expect((await services.versions.list(board.id))[0]).toMatchObject({ name: '第三季度调度会', seq });
		expect((await board.rows()).slice(0, before.length)).toEqual(before);
		expect(await services.proofs.verify(board.id)).toMatchObject({ ok: true });
	});

	test.each<[string, Record<string, unknown>, string]>([
		['without a name', {}, 'bad-request'],
		['with a name of blanks', { name: ' ' }, 'bad-request'],
		['with a number for a name', { name: 7 }, 'bad-request'],
		['with too long a name', { name: 'x'.repeat(201) }, 'bad-request'],
		['with a note that turns its direction', { name: 'x', note: 'a\u202eb' }, 'bad-request'],
		['with a name that is taken', { name: '第三季度调度会' }, 'conflict'],
		['for a moment yet to come', { name: 'x', at: 1_000_000 }, 'bad-request'],
		['for what is no moment', { name: 'x', at: {} }, 'bad-request'],
		['for a moment before the board', { name: 'x', at: '2001-01-01T00:00:00Z' }, 'not-found']
	])('are not made %s', async (_reason, given, code) => {
		const before = await names();
		await expect(add(given)).rejects.toMatchObject({ code });
		expect(await names()).toEqual(before);
	});

	test('are changed and removed by who named them, a coordinator or an owner', async () => {
		const { id } = await add({ name: '草稿' });
		const change = (by: Authority, given = { name: '定稿' }) =>
			services.versions.change(board.id, id, { given, by });
		await expect(change(as(bo))).rejects.toMatchObject({ code: 'forbidden' });
		await expect(services.versions.remove(board.id, id, as(bo))).rejects.toMatchObject({ code: 'forbidden' });
		expect(await change(as(mei))).toMatchObject({ id, name: '定稿', note: '' });
		expect(await change(as(bo, 'coordinator'), { name: '定稿二' })).toMatchObject({ name: '定稿二' });
		await expect(change(as(mei), { name: '更早' })).rejects.toMatchObject({ code: 'conflict' });
		await expect(change(as(mei), { name: '' })).rejects.toMatchObject({ code: 'bad-request' });
		await services.versions.remove(board.id, id, as(bo, 'owner'));
		expect(await names()).not.toContain('定稿二');
		await expect(change(as(mei))).rejects.toMatchObject({ code: 'not-found' });
	});

	test('each act is recorded once, a refused one is not', async () => {
		const acts = (await services.audit.list({ limit: 100 })).map(({ action }) => action).reverse();
		expect(acts.filter((action) => action.startsWith('version-'))).toEqual([
			...Array<string>(4).fill('version-name'),
			'version-change',
			'version-change',
			'version-remove'
		]);
	});

	test('are not those of another board', async () => {
		const other = await play(connection.db, []);
		const { id } = (await services.versions.list(board.id))[0]!;
		expect(await services.versions.list(other.id)).toEqual([]);
		await expect(services.versions.remove(other.id, id, as(mei, 'owner'))).rejects.toMatchObject({
			code: 'not-found'
		});
		expect(await services.versions.add(other.id, { name: '第三季度调度会' }, as(mei))).toMatchObject({
			name: '第三季度调度会'
		});
	});

	test('are bounded in number', async () => {
		const there = await services.versions.list(board.id);
		for (let count = there.length; count < VERSIONS_MAX; count++)
			await insertVersion(connection.db, {
				id: `v${count}`,
				boardId: board.id,
				seq: 1,
				name: `第${count}个`,
				note: '',
				createdAt: '2026-05-20T08:00:00.000Z',
				createdBy: mei
			});
		await expect(add({ name: '多一个' })).rejects.toMatchObject({ code: 'conflict' });
		expect(await services.versions.list(board.id)).toHaveLength(VERSIONS_MAX);
	});
});
