import { deflateSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { setField } from '#doc/mutators.ts';
import type { ChangeKind } from '#domain/change.ts';
import { readBoard } from '#doc/read-board.ts';
import { loadPortfolio } from '#seeds/portfolio.ts';
import { firstEntries } from '#server/boards/first-entries.ts';
import { insertBoard } from '#server/boards/board.repository.ts';
import type { Connection } from '#server/database/connect.ts';
import { hashOf, type PendingEntry } from '#server/journal/entry.ts';
import { packState } from '#server/journal/packed-state.ts';
import { Journal } from '#server/journal/journal.ts';

/** A database for the journal, as two processes have it. */
export interface JournalDatabase {
	one: Connection;
	two: Connection;
	close(): Promise<void>;
}

const portfolio = loadPortfolio();
/** More than the journal reads at a time. */
const MANY = 1_203;

/** What the journal promises, on whatever database it is. */
export function describeJournal(name: string, open: () => Promise<JournalDatabase>): void {
	describe(`the journal on ${name}`, () => {
		let database: JournalDatabase;
		let journal: Journal;
		let other: Journal;
		let serial = 0;

		beforeAll(async () => {
			database = await open();
			journal = new Journal(database.one.db);
			other = new Journal(database.two.db);
		});
		afterAll(() => database.close());

		/** A board of three projects; how many entries it begins with. */
		async function makeBoard(): Promise<{ id: string; seq: number }> {
			const board = {
				id: `board-${serial++}`,
				title: '板',
				template: 'stages' as const,
				at: '2026-05-20T08:00:00.000Z',
				by: 'system'
			};
			const content = { projects: portfolio.projects.slice(0, 3) };
			const entries = firstEntries(board, { portfolio, content });
			await journal.commit(entries, (trx) => insertBoard(trx, board));
			return { id: board.id, seq: entries.length };
		}

		/** The next entry of a board: renames its first project. */
		async function nextEntry(boardId: string, over: Partial<PendingEntry> = {}): Promise<PendingEntry> {
			return (await nextEntries(boardId, 1, over))[0]!;
		}
		async function nextEntries(
			boardId: string,
			count: number,
			over: Partial<PendingEntry> = {}
		): Promise<PendingEntry[]> {
			const { doc, head } = await journal.load(boardId);
			const updates: Uint8Array[] = [];
			doc.on('update', (update: Uint8Array) => updates.push(update));
			const [project] = readBoard(doc).projects;
			for (let index = 0; index < count; index++)
				setField(doc, { projectId: project!.id, field: 'name', value: `${head.seq + index}号` });
			let { hash, seq } = head;
			return updates.map((update, index) => {
				const bare = {
					boardId,
					seq: ++seq,
					epoch: head.epoch,
					actorId: 'mei',
					sessionId: 'session of mei',
					receivedAt: '2026-05-20T08:00:01.000Z',
					update,
					prevHash: hash,
					...over
				};
				hash = hashOf(bare);
				return { ...bare, hash, changes: [], newWriters: index === 0 ? [doc.clientID] : [] };
			});
		}
		const entriesOf = (boardId: string, afterSeq = 0) => Array.fromAsync(journal.entries(boardId, afterSeq));
		const numberOf = (boardId: string) =>
			sql`(select id from change_term where board = 0 and text = ${boardId})`;
		const countOf = async (
			table: 'journal' | 'change' | 'client_owner' | 'snapshot' | 'board',
			boardId: string
		) => {
			const ofBoard = {
				board: sql`id = ${boardId}`,
				change: sql`board = ${numberOf(boardId)}`,
				other: sql`board_id = ${boardId}`
			};
			const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}
				where ${table === 'board' || table === 'change' ? ofBoard[table] : ofBoard.other}`.execute(database.two.db);
			return rows[0]!.count;
		};
		/** What an attacker with the database's password does. */
		async function tamper(statement: string): Promise<void> {
			const { db, kind } = database.two;
			if (kind === 'postgres') {
				await sql.raw('alter table journal disable trigger all').execute(db);
				await sql.raw(statement).execute(db);
				await sql.raw('alter table journal enable trigger all').execute(db);
				return;
			}
			const triggers = await sql<{ name: string; sql: string }>`select name, sql from sqlite_master
				where type = 'trigger' and tbl_name = 'journal'`.execute(db);
			for (const trigger of triggers.rows) await sql`drop trigger ${sql.ref(trigger.name)}`.execute(db);
			await sql.raw(statement).execute(db);
			for (const trigger of triggers.rows) await sql.raw(trigger.sql).execute(db);
		}

		test('gives entries back as they were written, in order, however many', async () => {
			const { id, seq } = await makeBoard();
			const written = await nextEntries(id, MANY);
			await journal.commit(written);
			const read = await entriesOf(id, seq);
			expect(read).toHaveLength(MANY);
			read.forEach((entry, index) => {
				const { changes: _changes, newWriters: _newWriters, ...expected } = written[index]!;
				expect(entry).toEqual(expected);
			});
			expect(await journal.head(id)).toEqual({
				seq: seq + MANY,
				epoch: 1,
				hash: written.at(-1)!.hash,
				at: written.at(-1)!.receivedAt
			});
			expect(await other.verify(id)).toEqual({ ok: true, entries: seq + MANY, firstBadSeq: null });
		});

		test('keeps every byte and every number', async () => {
			const { id, seq } = await makeBoard();
			const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
			const entry = await nextEntry(id, { update: bytes, sessionId: null, actorId: '张三 “’\\' });
			await journal.commit([{ ...entry, newWriters: [0, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER] }]);
			const [read] = await entriesOf(id, seq);
			expect(read).toMatchObject({ sessionId: null, actorId: '张三 “’\\', hash: entry.hash });
			expect(read!.update).toEqual(bytes);
			expect(read!.update.constructor).toBe(Uint8Array);
			const owners = await journal.clientOwners(id);
			expect([0, 2 ** 32 - 1, Number.MAX_SAFE_INTEGER].map((client) => owners.get(client))).toEqual(
				Array(3).fill('张三 “’\\')
			);
		});

		test('does not know a board that is not there', async () => {
			for (const ask of [() => journal.head('nowhere'), () => journal.load('nowhere')])
				await expect(ask()).rejects.toMatchObject({ code: 'not-found' });
			expect(await journal.statuses(['nowhere'])).toEqual(new Map());
			expect(await journal.statuses([])).toEqual(new Map());
			const { id } = await makeBoard();
			const entry = await nextEntry(id, { boardId: 'nowhere' });
			await expect(journal.commit([entry])).rejects.toMatchObject({ code: 'not-found' });
		});

		test('says the status of boards', async () => {
			const [one, two] = [await makeBoard(), await makeBoard()];
			await database.two.db
				.updateTable('board')
				.set({ archived_at: '2026-05-21' })
				.where('id', '=', two.id)
				.execute();
			expect(await journal.statuses([one.id, two.id])).toEqual(
				new Map([
					[one.id, { seq: one.seq, epoch: 1, isArchived: false }],
					[two.id, { seq: two.seq, epoch: 1, isArchived: true }]
				])
			);
		});

		describe('refuses, and writes nothing of the window,', () => {
			test('a number that is taken', async () => {
				const [one, two] = [await makeBoard(), await makeBoard()];
				const [mine, theirs] = [await nextEntry(one.id), await nextEntry(one.id)];
				const bystander = await nextEntry(two.id);
				await other.commit([theirs]);
				await expect(journal.commit([bystander, mine])).rejects.toThrow();
				expect((await journal.head(one.id)).hash).toBe(theirs.hash);
				expect((await journal.head(two.id)).seq).toBe(two.seq);
				expect(await countOf('client_owner', two.id)).toBe(1);
			});
			test('an epoch that is over', async () => {
				const { id, seq } = await makeBoard();
				const entry = await nextEntry(id);
				await database.two.db.updateTable('board').set({ epoch: 2 }).where('id', '=', id).execute();
				await expect(journal.commit([entry])).rejects.toMatchObject({ code: 'old-epoch' });
				expect((await journal.head(id)).seq).toBe(seq);
				await journal.commit([await nextEntry(id)]);
				expect((await entriesOf(id, seq))[0]).toMatchObject({ epoch: 2 });
			});
			test('an archived board', async () => {
				const { id, seq } = await makeBoard();
				const entry = await nextEntry(id);
				await database.two.db
					.updateTable('board')
					.set({ archived_at: '2026' })
					.where('id', '=', id)
					.execute();
				await expect(journal.commit([entry])).rejects.toMatchObject({ code: 'forbidden' });
				expect((await journal.head(id)).seq).toBe(seq);
			});
			test('a change row that cannot be written', async () => {
				const { id, seq } = await makeBoard();
				const entry = await nextEntry(id);
				const row = { ...(await changeOf(id, seq)), seq: entry.seq };
				const unheardOf = { ...row, index: 1, kind: 'unheard-of' as ChangeKind };
				await expect(journal.commit([{ ...entry, changes: [row, unheardOf] }])).rejects.toThrow();
				expect((await journal.head(id)).seq).toBe(seq);
			});
			test('a board without its first entries', async () => {
				const board = { id: 'half', title: '半', template: 'stages' as const, at: '2026', by: 'system' };
				const entries = firstEntries(board, { portfolio, content: undefined });
				const broken = entries.map((entry) => ({ ...entry, epoch: 9 }));
				await expect(journal.commit(broken, (trx) => insertBoard(trx, board))).rejects.toThrow();
				expect(await countOf('board', 'half')).toBe(0);
			});
		});

		async function changeOf(boardId: string, seq: number) {
			const { rows } = await sql<{
				kind: number;
			}>`select kind from change where board = ${numberOf(boardId)} and seq = ${seq}`.execute(
				database.two.db
			);
			expect(rows.length).toBeGreaterThan(0);
			return {
				seq,
				index: 0,
				at: '2026-05-20T08:00:01.000Z',
				documentDate: null,
				actorId: 'mei',
				kind: 'field-set' as const,
				projectId: 'p',
				projectName: '项目',
				stageId: null,
				field: 'name',
				member: null,
				before: null,
				after: { text: '之后 \u0000 “’\\', list: [1, null] }
			};
		}

		test('writes and gives back change rows with their values', async () => {
			const { id } = await makeBoard();
			const entry = await nextEntry(id);
			const row = { ...(await changeOf(id, 1)), seq: entry.seq };
			const written = (await journal.commit([{ ...entry, changes: [row] }])).get(id)!;
			expect(written[0]).toEqual(row);
			// nobody had written for a while
			expect(written.slice(1).map(({ kind }) => kind)).toEqual(['session-begun']);
			expect(await journal.commit([])).toEqual(new Map());
		});

		test('of two who write at once one is first, and the other is told', async () => {
			const { id, seq } = await makeBoard();
			const both = [await nextEntry(id), await nextEntry(id)];
			const results = await Promise.allSettled([journal.commit([both[0]!]), other.commit([both[1]!])]);
			expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
			expect((await entriesOf(id, seq)).map(({ hash }) => hash)).toHaveLength(1);
			expect((await journal.verify(id)).ok).toBe(true);
		});

		test('two who write to several boards in opposite order both get through', async () => {
			const [one, two] = [await makeBoard(), await makeBoard()];
			for (let round = 0; round < 5; round++) {
				const [a, b] = [await nextEntry(one.id), await nextEntry(two.id)];
				const [c, d] = [await nextEntry(two.id), await nextEntry(one.id)];
				const results = await Promise.allSettled([journal.commit([a, b]), other.commit([c, d])]);
				expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
			}
			expect((await journal.head(one.id)).seq).toBe(one.seq + 5);
			expect((await journal.head(two.id)).seq).toBe(two.seq + 5);
		});

		test.each(['journal', 'audit'])('the database itself refuses to rewrite the %s', async (table) => {
			const { db, kind } = database.two;
			const columns = table === 'journal' ? 'actor_id' : 'result';
			if (table === 'audit')
				await sql`insert into audit (id, at, action, result) values (${`a${serial++}`}, '2026', 'sign-in', 'ok')`.execute(
					db
				);
			else await makeBoard();
			for (const statement of [
				`update ${table} set ${columns} = 'x'`,
				`delete from ${table}`,
				...(kind === 'postgres' ? [`truncate ${table}`] : [])
			])
				await expect(sql.raw(statement).execute(db), statement).rejects.toThrow(/append-only/);
		});

		describe('loads', () => {
			test('the newest snapshot and what came after it, the same as everything from the start', async () => {
				const { id, seq } = await makeBoard();
				await journal.commit(await nextEntries(id, 20));
				const before = await journal.load(id);
				const state = await packState(before.doc);
				await journal.saveSnapshot(id, { seq: seq + 20, epoch: 1, state, at: '2026' });
				await journal.commit(await nextEntries(id, 5));
				const loaded = await other.load(id);
				expect(loaded).toMatchObject({ snapshotSeq: seq + 20, isArchived: false });
				expect(loaded.head).toEqual(await journal.head(id));
				const replayed = new Y.Doc();
				for (const { update } of await entriesOf(id)) Y.applyUpdate(replayed, update);
				expect(Y.encodeStateAsUpdate(loaded.doc)).toEqual(Y.encodeStateAsUpdate(replayed));
			});
			test('what it was up to an entry', async () => {
				const { id, seq } = await makeBoard();
				await journal.commit(await nextEntries(id, 3));
				const { doc, head } = await journal.load(id, seq + 1);
				expect(head.seq).toBe(seq + 1);
				expect(readBoard(doc).projects[0]!.name).toBe(`${seq}号`);
				expect((await journal.load(id, 0)).head.seq).toBe(0);
			});
			test('without a snapshot that is damaged, undecodable or of another epoch', async () => {
				const { id, seq } = await makeBoard();
				const { doc } = await journal.load(id);
				const state = await packState(doc);
				const undecodable = { ...state, deflated: new Uint8Array(deflateSync(Uint8Array.of(1, 2, 3))) };
				await journal.saveSnapshot(id, { seq: seq - 1, epoch: 1, state: undecodable, at: '2026' });
				await journal.saveSnapshot(id, { seq, epoch: 1, state, at: '2026' });
				const damaged = database.two.kind === 'postgres' ? `'\\x00112233'::bytea` : `x'00112233'`;
				await sql
					.raw(`update snapshot set state = ${damaged} where board_id = '${id}' and seq = ${seq}`)
					.execute(database.two.db);
				const loaded = await journal.load(id);
				expect(loaded.snapshotSeq).toBe(0);
				expect(readBoard(loaded.doc)).toEqual(readBoard(doc));
				const fresh = await makeBoard();
				await journal.saveSnapshot(fresh.id, { seq: fresh.seq, epoch: 7, state, at: '2026' });
				expect((await journal.load(fresh.id)).snapshotSeq).toBe(0);
			});
			test('keeping the two newest snapshots', async () => {
				const { id, seq } = await makeBoard();
				const { doc } = await journal.load(id);
				const state = await packState(doc);
				for (const at of [1, 2, seq, seq])
					await journal.saveSnapshot(id, { seq: at, epoch: 1, state, at: '2026' });
				expect(await countOf('snapshot', id)).toBe(2);
				expect((await journal.load(id)).snapshotSeq).toBe(seq);
			});

			test.each<[string, (id: string, seq: number) => string]>([
				[
					'a changed update',
					(id) =>
						`update journal set update_bytes = (select update_bytes from journal where board_id = '${id}' and seq = 2) where board_id = '${id}' and seq = 3`
				],
				[
					'a changed actor',
					(id) => `update journal set actor_id = 'bo' where board_id = '${id}' and seq = 2`
				],
				[
					'a changed time',
					(id) => `update journal set received_at = '2020' where board_id = '${id}' and seq = 2`
				],
				['a missing first entry', (id) => `delete from journal where board_id = '${id}' and seq = 1`],
				['a missing entry', (id) => `delete from journal where board_id = '${id}' and seq = 2`],
				['a missing end', (id, seq) => `delete from journal where board_id = '${id}' and seq = ${seq}`],
				['no entries at all', (id) => `delete from journal where board_id = '${id}'`]
			])('nothing with %s', async (_, statement) => {
				const { id, seq } = await makeBoard();
				await tamper(statement(id, seq));
				await expect(journal.load(id)).rejects.toThrow(/is missing or was changed/);
				expect((await journal.verify(id)).ok).toBe(false);
			});
			test('nothing after a snapshot whose own entry was changed', async () => {
				const { id, seq } = await makeBoard();
				const state = await packState((await journal.load(id)).doc);
				await journal.saveSnapshot(id, { seq, epoch: 1, state, at: '2026' });
				await tamper(
					`update journal set hash = '${'0'.repeat(64)}' where board_id = '${id}' and seq = ${seq}`
				);
				await expect(journal.load(id)).rejects.toThrow(/is missing or was changed/);
			});
			test('nothing while a window is being written', async () => {
				const { id, seq } = await makeBoard();
				const entry = await nextEntry(id);
				let seen: number | undefined;
				await journal.commit([entry], async (trx) => {
					await trx.updateTable('board').set({ title: '正在写' }).where('id', '=', id).execute();
					seen = (await other.load(id)).head.seq;
				});
				expect(seen).toBe(seq);
				expect((await other.load(id)).head.seq).toBe(seq + 1);
			});
		});

		test('finds the entry of a moment', async () => {
			const { id, seq } = await makeBoard();
			const later = (await nextEntries(id, 2)).map((entry) => entry);
			await journal.commit([later[0]!]);
			expect(await journal.seqAt(id, '2026-05-20T07:59:59.999Z')).toBe(0);
			expect(await journal.seqAt(id, '2026-05-20T08:00:00.000Z')).toBe(seq);
			expect(await journal.seqAt(id, '2026-05-20T08:00:01.000Z')).toBe(seq + 1);
		});
	});
}
