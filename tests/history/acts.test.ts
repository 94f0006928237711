import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setField } from '#doc/mutators.ts';
import type { RecordedChange } from '#domain/change.ts';
import type { Who } from '#server/audit/who.ts';
import type { Services } from '#server/app.ts';
import { putMembership } from '#server/boards/board.repository.ts';
import type { Connection } from '#server/database/connect.ts';
import { ClashService } from '#server/history/clash.service.ts';
import type { HistoryParameters } from '#server/history/history.service.ts';
import { RefusedEdits } from '#server/history/refused-edits.ts';
import { createLog } from '#server/log.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import { play } from './play.ts';
import { addPerson, openServices } from './services.ts';
import type { WrittenBoard } from './written-board.ts';

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

const DATABASES: [name: string, url: () => Promise<string | undefined>][] = [
	['SQLite', () => Promise.resolve(undefined)],
	...(postgres ? [['PostgreSQL', () => postgres.createDatabase()] as (typeof DATABASES)[number]] : [])
];

describe.each(DATABASES)('what is done about a board without changing it, on %s', (_name, urlOf) => {
	let services: Services;
	let connection: Connection;
	let board: WrittenBoard;
	let people: Record<'mei' | 'bo' | 'lan', string>;
	const whoIs = (person: keyof typeof people): Who => ({
		userId: people[person],
		sessionId: null,
		address: null
	});
	const list = async (parameters: HistoryParameters) =>
		(await services.history.list(board.id, parameters)).changes;
	const amount = (person: string, value: number) =>
		board.edit(person, (doc) => setField(doc, { projectId: 'p0', field: 'totalInvestmentYuan', value }));

	beforeAll(async () => {
		({ services, connection } = await openServices(await urlOf()));
		people = {
			mei: await addPerson(services, '李梅', 'org-km-fagaiwei'),
			bo: await addPerson(services, '王波', 'org-yx-zhengfu'),
			lan: await addPerson(services, '赵兰', 'org-sheng-fagaiwei')
		};
		board = await play(connection.db, []);
		const at = new Date().toISOString();
		for (const person of ['mei', 'bo'] as const) {
			board.docOf(people[person]); // so that neither sees what the other does
			await putMembership(connection.db, { boardId: board.id, userId: people[person], role: 'planner', at });
		}
	}, 60_000);
	afterAll(() => connection?.db.destroy());

	test('who named which moment, what it was called afterwards, and who took the name off', async () => {
		const by = { who: whoIs('mei'), role: 'planner' as const };
		const { id, seq } = await services.versions.add(board.id, { name: '草稿', note: '五市都在' }, by);
		const given = { name: '定稿' };
		await services.versions.change(board.id, id, { given, by });
		await services.versions.change(board.id, id, { given, by }); // says nothing new
		await services.versions.remove(board.id, id, { who: whoIs('lan'), role: 'coordinator' });
		expect(await list({ kind: 'version-named,version-changed,version-removed' })).toMatchObject([
			{
				kind: 'version-removed',
				seq,
				index: -4,
				member: id,
				actor: { name: '赵兰' },
				before: { name: '定稿', note: '五市都在', seq },
				after: null
			},
			{ kind: 'version-changed', index: -3, before: { name: '草稿' }, after: { name: '定稿' } },
			{
				kind: 'version-named',
				index: -2,
				actor: { name: '李梅' },
				before: null,
				after: { name: '草稿', seq }
			}
		]);
	});

	test('who settled a clash, over what, and what was to stay', async () => {
		amount(people.mei, 10);
		amount(people.bo, 12);
		await board.commit();
		const announced: unknown[] = [];
		const clashes = new ClashService({
			db: connection.db,
			journal: services.journal,
			auth: services.authService,
			people: services.people,
			acts: services.acts,
			announce: (_, settled) => announced.push(...settled)
		});
		const [open] = (await clashes.listOpen(board.id)).clashes;
		const settle = (given: Record<string, unknown>) =>
			clashes.settle(board.id, { seq: String(open!.seq), given, who: whoIs('bo') });
		await expect(settle({ choice: 'other' })).rejects.toMatchObject({ code: 'bad-request' });
		await settle({ choice: 'kept' });
		await expect(settle({ choice: 'kept' })).rejects.toMatchObject({ code: 'conflict' });
		expect((await clashes.listOpen(board.id)).clashes).toEqual([]);
		expect(announced).toMatchObject([{ seq: open!.seq, index: open!.index }]);
		expect(await list({ kind: 'clash-settled' })).toMatchObject([
			{
				actor: { name: '王波' },
				projectId: 'p0',
				field: 'totalInvestmentYuan',
				before: { actorId: people.mei, value: 10 },
				after: { actorId: people.bo, value: 12, clash: open!.seq }
			}
		]);
	});

	test('which edit was refused and why, once for each trial, with nothing of what came from outside', async () => {
		const refused = new RefusedEdits(services.acts, createLog('silent'));
		const edit = { boardId: board.id, actorId: people.lan, code: 'forbidden' as const };
		const path = ['projects', 'p0', 'totalInvestmentYuan'];
		refused.note({ ...edit, path });
		refused.note({ ...edit, path });
		refused.note({ ...edit, code: 'schema', path: ['projects', '<p0>', 'secrets'] });
		refused.note({ ...edit, code: 'too-fast', path });
		await until('both are told', async () => (await list({ kind: 'edit-refused' })).length === 2);
		// two at once may be kept in either order
		const told = (await list({ kind: 'edit-refused' })).sort((one, other) =>
			JSON.stringify(one.after) < JSON.stringify(other.after) ? -1 : 1
		);
		expect(told).toMatchObject([
			{
				projectId: 'p0',
				field: 'totalInvestmentYuan',
				after: { code: 'forbidden' },
				actor: { name: '赵兰' }
			},
			{ projectId: null, field: null, after: { code: 'schema' } }
		]);
	});

	test('somebody who tries again and again does not fill the history', async () => {
		const refused = new RefusedEdits(services.acts, createLog('silent'));
		const before = (await list({ kind: 'edit-refused', limit: '500' })).length;
		for (let count = 0; count < 60; count++)
			refused.note({
				boardId: board.id,
				actorId: people.mei,
				code: 'schema',
				path: ['projects', `p${count}`, 'name']
			});
		await services.acts.keep(board.id, () =>
			Promise.resolve([{ kind: 'edit-refused', at: new Date().toISOString(), actorId: people.bo }])
		);
		await until('they are told', async () => {
			return (await list({ kind: 'edit-refused', limit: '500' })).length >= before + 21;
		});
		expect(await list({ kind: 'edit-refused', limit: '500' })).toHaveLength(before + 21);
	});

	test('stands where it was done, page by page, and is there again after a rebuild', async () => {
		amount(people.bo, 13);
		await board.commit();
		const whole = await list({ limit: '500' });
		const pages: RecordedChange[] = [];
		for (let after = ''; ;) {
			const page = await services.history.list(board.id, { limit: '1', after });
			pages.push(...page.changes);
			if (page.next === null) break;
			after = page.next;
		}
		expect(pages).toEqual(whole);
		expect(whole[0]).toMatchObject({ kind: 'field-set', after: 13 });
		const before = await board.rows();
		await services.history.rebuild(board.id);
		expect(await board.rows()).toEqual(before);
		expect(await services.proofs.verify(board.id)).toMatchObject({ ok: true });
	});

	test('is never rewritten', async () => {
		await expect(connection.db.deleteFrom('board_act').execute()).rejects.toThrow('append-only');
		await expect(connection.db.updateTable('board_act').set({ kind: 'x' }).execute()).rejects.toThrow(
			'append-only'
		);
	});

	test('boards of the past are made as if it had not been', async () => {
		const { seq } = await services.journal.head(board.id);
		expect(await services.history.boardAt(board.id, String(seq))).toMatchObject({ seq });
		expect((await services.history.timeline(board.id)).seq).toBe(seq);
	});
});
