import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordedChange } from '#domain/change.ts';
import type { Connection } from '#server/database/connect.ts';
import { insertBoard } from '#server/boards/board.repository.ts';
import { appendChanges } from '#server/history/change.repository.ts';
import type { HistoryParameters } from '#server/history/history.service.ts';
import type { Services } from '#server/app.ts';
import { addPerson, openServices } from './services.ts';

/** More than twice as many as are read at a time. */
const MANY = 1_203;
let services: Services;
let connection: Connection;

const change = (seq: number, actorId: string): RecordedChange => ({
	seq,
	index: 0,
	at: new Date(Date.UTC(2026, 0, 1) + seq * 1_000).toISOString(),
	documentDate: seq % 7 === 0 ? `20${10 + (seq % 15)}` : null,
	actorId,
	kind: seq % 7 === 0 ? 'evidence-added' : 'field-set',
	projectId: `p${seq % 3}`,
	projectName: '项目',
	stageId: null,
	field: seq % 2 === 0 ? 'name' : 'subtype',
	member: null,
	before: null,
	after: seq
});

beforeAll(async () => {
	({ services, connection } = await openServices());
	const mei = await addPerson(services, 'mei', 'org-km-fagaiwei');
	const at = '2026-01-01T00:00:00.000Z';
	await insertBoard(connection.db, { id: 'b', title: '板', template: 'stages', at, by: 'system' });
	const rows = Array.from({ length: MANY }, (_, index) => change(index + 1, mei));
	await connection.db.transaction().execute((trx) => appendChanges(trx, 'b', rows));
});
afterAll(() => connection.db.destroy());

const pagesOf = async (parameters: HistoryParameters) =>
	Array.fromAsync(await services.history.pages('b', parameters));

test.each<[string, HistoryParameters, number]>([
	['all', {}, MANY],
	['all, whatever page is asked for', { limit: '5' }, MANY],
	['all by the dates of the documents', { order: 'dated' }, MANY],
	['one project', { project: 'p1' }, 401],
	['one field', { field: 'name' }, 601],
	['a time', { since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T00:10:00.000Z' }, 599],
	['what nobody did', { kind: 'stage-added' }, 0]
])('%s comes in pages, each row once, as it is listed', async (_, parameters, count) => {
	const pages = await pagesOf(parameters);
	expect(Math.max(0, ...pages.map((page) => page.length))).toBeLessThanOrEqual(500);
	const rows = pages.flat();
	expect(rows).toHaveLength(count);
	expect(new Set(rows.map(({ seq }) => seq)).size).toBe(count);
	const listed = await services.history.list('b', { ...parameters, limit: '500' });
	expect(rows.slice(0, listed.changes.length)).toEqual(listed.changes);
	for (const row of rows.slice(0, 3)) expect(row.actor).toMatchObject({ name: 'mei' });
});

test('others have their turn between two pages', async () => {
	const pages = await services.history.pages('b', {});
	await pages.next();
	let turns = 0;
	const counting = setImmediate(() => (turns += 1));
	await pages.next();
	clearImmediate(counting);
	expect(turns).toBe(1);
});

test('a parameter that does not fit is refused before the first page', async () => {
	await expect(services.history.pages('b', { since: 'never' })).rejects.toMatchObject({
		code: 'bad-request'
	});
});
