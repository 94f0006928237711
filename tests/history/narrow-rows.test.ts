import fc from 'fast-check';
import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHANGE_KINDS, type RecordedChange } from '#domain/change.ts';
import { connect, type Connection } from '#server/database/connect.ts';
import type { BoardActTable } from '#server/database/database.ts';
import { migrate } from '#server/database/migrate.ts';
import { migrationProvider } from '#server/database/migrations.ts';
import { insertBoard } from '#server/boards/board.repository.ts';
import { toActRow } from '#server/history/act-row.ts';
import { listActors } from '#server/history/change-facts.repository.ts';
import { listChanges } from '#server/history/change-list.repository.ts';
import type { ChangeQuery } from '#server/history/change-query.ts';
import { appendChanges } from '#server/history/change.repository.ts';
import { insertSessionEnd } from '#server/history/session.repository.ts';
import { lockBoards } from '#server/journal/journal.repository.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { temporaryDataDir } from '../support/server-process.ts';

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

const DATABASES: [name: string, url: () => Promise<string>][] = [
	['SQLite', () => Promise.resolve(`sqlite:${temporaryDataDir()}/narrow.sqlite`)],
	...(postgres ? [['PostgreSQL', () => postgres.createDatabase()] as (typeof DATABASES)[number]] : [])
];

const FIELDS = ['name', 'totalInvestmentYuan', 'cities', null];
const DATES = ['0000', '1969-12-31', '1970', '2014', '2014-05', '2014-05-03', '2026-01-01'];
const MOMENT = Date.parse('2026-01-01T00:00:00.000Z');
/** So many in a row have a field of their own, or are of one person, that indexes lead to some and not to others. */
const MANY = 40;

const isEvidence = (index: number) => index % 5 === 0;

/** Rows of all kinds, about all and nothing, by several people; some came in the same moment. */
function rowsOf(count: number): RecordedChange[] {
	return Array.from({ length: count }, (_, n) => {
		const isOfBoard = n % 7 === 3;
		const projectId = isOfBoard ? null : `p${n % 11}`;
		return {
			seq: 1 + Math.floor(n / 3),
			index: (n % 3) - 1,
			at: new Date(MOMENT + Math.floor(n / 4) * 60_001 - (n % 13 === 0 ? 600_000 : 0)).toISOString(),
			documentDate: isEvidence(n) ? DATES[n % DATES.length]! : null,
			actorId: n < MANY ? 'bo' : `person-${n % 4}`,
			kind: CHANGE_KINDS[n % CHANGE_KINDS.length]!,
			projectId,
			projectName: projectId && `${projectId} 号「项目」\u{1f686}${n % 2}`,
			stageId: n % 4 === 1 ? 'study' : null,
			field: n < MANY ? 'notes' : FIELDS[n % FIELDS.length]!,
			member: n % 6 === 2 ? '530100' : null,
			before: n % 3 === 0 ? null : { value: [n, null, "it's"] },
			after: n % 2 === 0 ? null : n % 3 === 0 ? '' : `“${n}”`
		};
	}).filter(({ kind }) => kind !== 'notes-edited'); // those of one sitting are one row
}
const ROWS = rowsOf(400);

/** The same in the order of a list, as it is defined. */
const newestFirst = (order: ChangeQuery['order']) => (a: RecordedChange, b: RecordedChange) => {
	const [datedA, datedB] = [a, b].map(({ documentDate, at }) => documentDate ?? at) as [string, string];
	const byDate = order === 'entered' || datedA === datedB ? 0 : datedA > datedB ? -1 : 1;
	return byDate || b.seq - a.seq || a.index - b.index;
};

function isMeant(row: RecordedChange, { projects, actors, kinds, field, since, until, order }: ChangeQuery) {
	const date = order === 'dated' ? row.documentDate : null;
	const wider = since && [since.date.slice(0, 4), since.date.slice(0, 7)];
	const isSince = !since || (date ? date >= since.date || wider!.includes(date) : row.at >= since.at);
	const isUntil = !until || (date ? date < until.date : row.at < until.at);
	return (
		(projects?.includes(row.projectId ?? '') ?? true) &&
		(actors?.includes(row.actorId) ?? true) &&
		(kinds?.includes(row.kind) ?? true) &&
		(field === undefined || row.field === field) &&
		isSince &&
		isUntil
	);
}

describe.each(DATABASES)('narrow rows on %s', (_name, urlOf) => {
	let connection: Connection;
	/** As another process has it. */
	let other: Connection;
	const all = (boardId: string) => listChanges(connection.db, boardId, { order: 'entered', limit: 10_000 });
	const append = (
		boardId: string,
		rows: RecordedChange[],
		{ end = () => Promise.resolve(), by = connection } = {}
	) =>
		by.db.transaction().execute(async (trx) => {
			await lockBoards(trx, [boardId]);
			await appendChanges(trx, boardId, rows);
			await end();
		});

	beforeAll(async () => {
		const url = await urlOf();
		[connection, other] = [connect(url), connect(url)];
		const { db, kind } = connection;
		const migrator = new Migrator({ db, provider: migrationProvider(kind) });
		expect((await migrator.migrateTo('0008-board-checkpoints')).error).toBeUndefined();
		if (kind === 'postgres')
			for (const column of ['board_id', 'actor_id', 'project_id', 'project_name', 'stage_id', 'field'])
				await sql`alter table change alter column ${sql.ref(column)} type text collate "C"`.execute(db);
		const wide = db as unknown as Kysely<{ change: BoardActTable }>;
		for (const id of ['a', 'b']) {
			await insertBoard(db, { id, title: id, template: 'stages', at: '2026-01-01', by: 'system' });
			const rows = ROWS.map((row) => toActRow(id, row));
			await wide.insertInto('change').values(rows).execute();
		}
		await migrate(connection);
	}, 60_000);
	afterAll(async () => {
		await connection?.db.destroy();
		await other?.db.destroy();
	});

	test('rows of before are there as they were, on each board', async () => {
		for (const board of ['a', 'b']) expect(await all(board)).toEqual(ROWS.toSorted(newestFirst('entered')));
	});

	test('what is written now is kept in the same way', async () => {
		await insertBoard(connection.db, { id: 'c', title: 'c', template: 'stages', at: '2026-01-01', by: 'x' });
		await append('c', ROWS);
		expect(await all('c')).toEqual(await all('a'));
		const keptAs = async (board: string) =>
			(
				await sql`select at, seq, document_date, "index", kind, member, before, after from change
				where board = (select id from change_term where board = 0 and text = ${board}) order by seq, "index"`.execute(
					connection.db
				)
			).rows;
		expect(await keptAs('c')).toEqual(await keptAs('a'));
	});

	const some = <T>(values: readonly T[]) =>
		fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
	const bound = fc.option(
		fc.oneof(
			fc
				.constantFrom(...DATES)
				.map((date) => ({ date, at: `${`${date}-01-01`.slice(0, 10)}T00:00:00.000Z` })),
			fc.nat(400).map((n) => {
				const at = new Date(MOMENT + n * 20_000).toISOString();
				return { at, date: at.slice(0, 10) };
			})
		),
		{ nil: undefined }
	);
	const query: fc.Arbitrary<ChangeQuery> = fc.record({
		projects: some(['p0', 'p1', 'p5', 'nowhere']),
		actors: some(['bo', 'person-1', 'person-2', 'nobody']),
		kinds: some(CHANGE_KINDS),
		field: fc.constantFrom(undefined, 'name', 'notes', 'totalInvestmentYuan', 'never'),
		since: bound,
		until: bound,
		order: fc.constantFrom('entered', 'dated'),
		limit: fc.integer({ min: 7, max: 60 })
	});

	test('whatever is asked for is found, page after page, whichever index leads to it', async () => {
		await fc.assert(
			fc.asyncProperty(query, fc.integer({ min: 5, max: 200 }), async (asked, stretch) => {
				const found: RecordedChange[] = [];
				for (let after: ChangeQuery['after']; ;) {
					const page = await listChanges(connection.db, 'a', { ...asked, after }, stretch);
					found.push(...page);
					const last = page.at(-1);
					if (!last || page.length < asked.limit) break;
					after = { ...last, dated: last.documentDate ?? last.at };
				}
				const meant = ROWS.filter((row) => isMeant(row, asked)).toSorted(newestFirst(asked.order));
				expect(found).toEqual(meant);
			}),
			{ numRuns: 80 }
		);
	}, 120_000);

	test('texts of what was undone are given their numbers anew', async () => {
		await insertBoard(connection.db, { id: 'd', title: 'd', template: 'stages', at: '2026-01-01', by: 'x' });
		const [one] = ROWS.filter(({ kind }) => kind === 'field-set');
		const row = (seq: number, name: string) => ({ ...one!, seq, actorId: `of ${name}`, projectName: name });
		const failing = append('d', [row(1, '从未有过')], {
			end: () => Promise.reject(new Error('full'))
		});
		await expect(failing).rejects.toThrow('full');
		await append('d', [row(1, '甲'), row(2, '乙')]);
		await append('d', [row(3, '从未有过'), row(4, '甲')]);
		const names = (await all('d')).map(({ projectName, actorId }) => [projectName, actorId]);
		expect(names).toEqual(['甲', '从未有过', '乙', '甲'].map((name) => [name, `of ${name}`]));
		expect((await listActors(connection.db, 'd')).sort()).toEqual(['of 乙', 'of 从未有过', 'of 甲'].sort());
	});

	test('the end of a session is told once, whoever finds first that it has come', async () => {
		await insertBoard(connection.db, { id: 'f', title: 'f', template: 'stages', at: '2026-01-01', by: 'x' });
		const endOf = (seq: number) => ({
			...ROWS[0]!,
			kind: 'session-ended' as const,
			field: null,
			seq,
			index: -1
		});
		const tell = (by: Connection, seq: number) =>
			by.db.transaction().execute(async (trx) => {
				await lockBoards(trx, ['f']);
				return insertSessionEnd(trx, 'f', endOf(seq));
			});
		const told = await Promise.all([connection, other, connection].map((by) => tell(by, 9)));
		expect(told.toSorted()).toEqual([false, false, true]);
		expect(await tell(other, 12)).toBe(true);
		expect((await all('f')).map(({ seq }) => seq)).toEqual([12, 9]);
	});

	test('two processes that write at once give a text one number', async () => {
		await insertBoard(connection.db, { id: 'e', title: 'e', template: 'stages', at: '2026-01-01', by: 'x' });
		const [one] = ROWS.filter(({ kind }) => kind === 'field-set');
		const rows = Array.from({ length: 20 }, (_, seq) => ({ ...one!, seq, projectName: `第${seq % 5}号` }));
		await Promise.all(rows.map((row, n) => append('e', [row], { by: n % 2 === 0 ? connection : other })));
		for (const { db } of [connection, other]) {
			const found = await listChanges(db, 'e', { order: 'entered', limit: 100 });
			expect(found).toEqual(rows.toReversed());
		}
		const { rows: twice } = await sql`select text from change_term where board =
			(select id from change_term where board = 0 and text = 'e') group by text having count(*) > 1`.execute(
			connection.db
		);
		expect(twice).toEqual([]);
	});
});
