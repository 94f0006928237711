import { setImmediate as othersTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setField, setTitle } from '#doc/mutators.ts';
import { readBoard } from '#doc/read-board.ts';
import { findSession } from '#server/history/session.repository.ts';
import { compact } from '#server/journal/compact.ts';
import type { Entry } from '#server/journal/entry.ts';
import { Journal } from '#server/journal/journal.ts';
import { pagesOf } from '#server/journal/read-entries.ts';
import { replaceBySegment } from '#server/journal/segment.repository.ts';
import { encodeSegment, packSegment, type Segment } from '#server/journal/segment.ts';
import { exportHistory } from '#server/proof/export-history.ts';
import { play } from '../history/play.ts';
import type { Step } from '../history/edits.ts';
import type { WrittenBoard } from '../history/written-board.ts';
import type { JournalDatabase } from './journal-contract.ts';

const EDITS = 40;
/** Everything but the newest three entries, in segments of seven. */
const RULE = { before: '9999', rowsMax: 0, entries: 7, kept: 3 };
const COLUMNS = [
	'from_seq',
	'to_seq',
	'epoch',
	'prev_hash',
	'hash',
	'earliest_at',
	'stamps',
	'updates',
	'digest'
] as const;

const PEOPLE = ['mei', 'bo', 'lan'];
/** Several people write, the clock goes on, and is set back once. */
const steps: Step[] = Array.from({ length: EDITS }, (_, number): Step[] => [
	{
		do: 'edit',
		by: PEOPLE[number % PEOPLE.length]!,
		write: (doc) =>
			number % 5 === 0
				? setTitle(doc, `第${number}版`)
				: setField(doc, { projectId: `p${number % 2}`, field: 'name', value: `${number}号` })
	},
	{ do: 'wait', ms: number === 20 ? -90_000 : 30_000 }
]).flat();

/** How many of so many entries are packed. */
const packedOf = (count: number) => Math.floor((count - RULE.kept) / RULE.entries) * RULE.entries;

/** What packing the journal promises, on whatever database it is. */
export function describeSegments(name: string, open: () => Promise<JournalDatabase>): void {
	describe(`the packed journal on ${name}`, () => {
		let database: JournalDatabase;
		beforeAll(async () => {
			database = await open();
		});
		afterAll(() => database.close());

		const makeBoard = () => play(database.one.db, steps);
		const entriesOf = ({ journal, id }: WrittenBoard, after = 0) =>
			Array.fromAsync(journal.entries(id, after));
		async function packAll({ journal, id }: Pick<WrittenBoard, 'journal' | 'id'>) {
			const stretches = [];
			for (let packed; (packed = await journal.packNext(id, RULE));) stretches.push(packed);
			return stretches;
		}
		const rowsOf = async (boardId: string) =>
			database.two.db.selectFrom('journal').select('seq').where('board_id', '=', boardId).execute();
		const run = (statement: string) => sql.raw(statement).execute(database.two.db);

		/** What somebody with the database's password does, and what it comes to; then all is as it was. */
		async function whileTampered<T>(statements: readonly ReturnType<typeof sql>[], look: () => Promise<T>) {
			const { db, kind } = database.two;
			const triggers =
				kind === 'postgres'
					? []
					: (
							await sql<{ name: string; sql: string }>`select name, sql from sqlite_master
							where type = 'trigger' and tbl_name in ('journal', 'journal_segment')`.execute(db)
						).rows;
			if (kind === 'postgres')
				await run('alter table journal disable trigger all; alter table journal_segment disable trigger all');
			for (const trigger of triggers) await sql`drop trigger ${sql.ref(trigger.name)}`.execute(db);
			await run('create table kept as select * from journal_segment');
			try {
				for (const statement of statements) await statement.execute(db);
				return await look();
			} finally {
				await run('delete from journal_segment');
				await run('insert into journal_segment select * from kept');
				await run('drop table kept');
				for (const trigger of triggers) await sql.raw(trigger.sql).execute(db);
				if (kind === 'postgres')
					await run('alter table journal enable trigger all; alter table journal_segment enable trigger all');
			}
		}

		test('gives back every entry as it was, from wherever it is read', async () => {
			const board = await makeBoard();
			const written = await entriesOf(board);
			const stretches = await packAll(board);
			expect(stretches.length).toBeGreaterThan(3);
			expect(stretches.at(-1)!.toSeq).toBe(packedOf(written.length));
			expect(await rowsOf(board.id)).toHaveLength(written.length - stretches.at(-1)!.toSeq);
			for (let after = 0; after <= written.length; after++)
				expect(await entriesOf(board, after), `after ${after}`).toEqual(written.slice(after));
			expect(await packAll(board)).toEqual([]);
		});

		test('answers whatever the journal answers as before', async () => {
			const board = await makeBoard();
			const { journal, id } = board;
			const seqs = (await entriesOf(board)).map(({ seq }) => seq);
			const moments = (await entriesOf(board)).flatMap(({ receivedAt }) => [
				receivedAt,
				new Date(Date.parse(receivedAt) - 1).toISOString()
			]);
			const all = async () => ({
				head: await journal.head(id),
				heads: (await journal.heads()).find(({ boardId }) => boardId === id),
				status: await journal.statuses([id]),
				check: await journal.check(id),
				boards: await Promise.all(seqs.map(async (seq) => readBoard((await journal.load(id, seq)).doc))),
				times: await Promise.all(
					[1, 5, 1_000].flatMap((limit) =>
						[...seqs, 1_000].map((below) => journal.times(id, { below, limit }))
					)
				),
				timeOf: await Promise.all([0, ...seqs, 1_000].map((seq) => journal.timeOf(id, seq))),
				seqAt: await Promise.all(moments.map((at) => journal.seqAt(id, at))),
				stretch: await journal.stretch(id, { afterSeq: 4, upToSeq: 30 }, 1 << 20),
				opened: await journal.open(id, { entries: 2_000, bytes: 1 << 20 }),
				rows: await board.replayed(),
				session: await findSession(database.one.db, id, seqs.length + 1),
				exported: await Array.fromAsync(
					exportHistory(
						{ journal, roots: { list: () => Promise.resolve([]) } },
						{ boardId: id, exportedAt: '' }
					)
				)
			});
			const before = await all();
			expect(await packAll(board)).not.toEqual([]);
			expect(await all()).toEqual(before);
			expect(await board.rows()).toEqual(before.rows);
		});

		test('tells for many moments at once an entry that fits each', async () => {
			const board = await makeBoard();
			const { journal, id } = board;
			await packAll(board);
			const written = await entriesOf(board);
			const atOf = (seq: number) => written[seq - 1]?.receivedAt ?? '';
			const moments = written.flatMap(({ receivedAt }) => [
				new Date(Date.parse(receivedAt) - 1).toISOString(),
				receivedAt
			]);
			const found = await journal.seqsAt(id, { moments, head: written.length });
			expect(found).toHaveLength(moments.length);
			found.forEach((seq, index) => {
				expect(atOf(seq) <= moments[index]!).toBe(true);
				expect(seq === written.length || atOf(seq + 1) > moments[index]! || seq === 0).toBe(true);
			});
		});

		test('goes on: what is written afterwards is packed in its turn, and the board can be edited', async () => {
			const board = await makeBoard();
			await packAll(board);
			await board.reopen();
			const { seq } = await board.journal.head(board.id);
			for (let number = 0; number < 20; number++) {
				board.edit('mei', (doc) => setTitle(doc, `之后${number}`));
				await board.commit();
			}
			expect((await board.journal.head(board.id)).seq).toBe(seq + 20);
			expect(await packAll(board)).not.toEqual([]);
			expect(await board.journal.verify(board.id)).toEqual({
				ok: true,
				entries: seq + 20,
				firstBadSeq: null
			});
		});

		test('waits until entries are old, or too many', async () => {
			const board = await makeBoard();
			const { journal, id } = board;
			const { at: first } = (await journal.times(id, { below: 9, limit: 1 }))[0]!;
			expect(await journal.packNext(id, { ...RULE, before: first, rowsMax: 1_000 })).toMatchObject({
				toSeq: 7
			});
			expect(await journal.packNext(id, { ...RULE, before: first, rowsMax: 1_000 })).toBeUndefined();
			expect(await journal.packNext(id, { ...RULE, before: '2000', rowsMax: 25 })).toMatchObject({
				toSeq: 14
			});
			expect(await journal.packNext(id, { ...RULE, before: '2000', rowsMax: 25 })).toBeUndefined();
		});

		test('takes no number a second time that is packed', async () => {
			const board = await makeBoard();
			const [third] = await entriesOf(board, 2);
			await packAll(board);
			await expect(board.journal.commit([{ ...third!, changes: [], newWriters: [] }])).rejects.toMatchObject({
				code: 'conflict'
			});
			expect(await rowsOf(board.id)).not.toContainEqual({ seq: 3 });
		});

		test('ends a segment where an epoch begins, and reads on over it', async () => {
			const board = await makeBoard();
			const { journal, id } = board;
			await compact(database.one.db, id, { alongside: () => Promise.resolve() });
			await board.reopen();
			for (let number = 0; number < 12; number++) board.edit('bo', (doc) => setTitle(doc, `新${number}`));
			await board.commit();
			const written = await entriesOf(board);
			const beginning = written.find(({ epoch }) => epoch === 2)!.seq;
			const stretches = await packAll(board);
			expect(stretches.map(({ fromSeq }) => fromSeq)).toContain(beginning);
			expect(await entriesOf(board)).toEqual(written);
			expect(await journal.isWhole(id, 1)).toBe(true);
			expect(await journal.isWhole(id, 0)).toBe(false);
			const now = readBoard((await journal.load(id)).doc);
			expect(readBoard((await journal.load(id, beginning)).doc)).toMatchObject({ projects: now.projects });
		});

		describe('is guarded by the database itself:', () => {
			test('rows that are in no segment stay', async () => {
				const board = await makeBoard();
				await packAll(board);
				await expect(run(`delete from journal where board_id = '${board.id}'`)).rejects.toThrow(
					/append-only/
				);
				await expect(run(`update journal set actor_id = 'x'`)).rejects.toThrow(/append-only/);
			});
			test('segments stay as they are', async () => {
				const board = await makeBoard();
				await packAll(board);
				for (const statement of [
					`update journal_segment set hash = 'x'`,
					'delete from journal_segment',
					...(database.two.kind === 'postgres' ? ['truncate journal_segment'] : [])
				])
					await expect(run(statement), statement).rejects.toThrow(/append-only/);
			});
			test.each<[string, (entries: Entry[]) => Entry[]]>([
				['that leaves a gap', (entries) => entries.slice(1, 8)],
				['of other entries', (entries) => [...entries.slice(0, 6), { ...entries[6]!, hash: 'f'.repeat(64) }]],
				['of all entries, the last with them', (entries) => entries]
			])('no segment comes %s', async (_, choose) => {
				const board = await makeBoard();
				const segment = await forged(choose(await entriesOf(board)));
				await expect(insert(segment)).rejects.toThrow(/must hold the entries/);
			});
		});

		test('is as before when packing is broken off, and can be packed then', async () => {
			const board = await makeBoard();
			const written = await entriesOf(board);
			const segment = await packSegment(written.slice(0, 7));
			await expect(
				database.one.db.transaction().execute(async (trx) => {
					await replaceBySegment(trx, segment);
					throw new Error('broken off');
				})
			).rejects.toThrow('broken off');
			expect(await rowsOf(board.id)).toHaveLength(written.length);
			expect(await packAll(board)).not.toEqual([]);
			expect(await entriesOf(board)).toEqual(written);
		});

		test('can be packed by two at once', async () => {
			const board = await makeBoard();
			const other = { id: board.id, journal: new Journal(database.two.db) };
			const written = await entriesOf(board);
			await Promise.all([packAll(board), packAll(other)]);
			expect(await entriesOf(board)).toEqual(written);
			expect(await rowsOf(board.id)).toHaveLength(written.length - packedOf(written.length));
		});

		test('can be read while it is packed', async () => {
			const board = await makeBoard();
			const written = await entriesOf(board);
			let isPacked = false;
			const packing = packAll(board).finally(() => (isPacked = true));
			let read = 0;
			while (!isPacked) {
				const pages = await Array.fromAsync(pagesOf(database.two.db, board.id, 0));
				expect(pages.flat()).toEqual(written);
				read += 1;
				await othersTurn();
			}
			await packing;
			expect(read).toBeGreaterThan(0);
		});

		describe('where somebody has the database in hand', () => {
			let board: WrittenBoard;
			let journal: Journal;
			beforeAll(async () => {
				board = await makeBoard();
				journal = board.journal;
				await board.snapshot();
				await packAll(board);
			});
			const value = async (column: (typeof COLUMNS)[number], fromSeq: number) =>
				(
					await database.two.db
						.selectFrom('journal_segment')
						.select(column)
						.where('board_id', '=', board.id)
						.where('from_seq', '=', fromSeq)
						.executeTakeFirstOrThrow()
				)[column];

			test.each(COLUMNS)(
				'finds any bit of "%s" that is turned over, and names the stretch',
				async (column) => {
					await fc.assert(
						fc.asyncProperty(fc.integer({ min: 0, max: 3 }), fc.nat(100_000), async (which, at) => {
							const fromSeq = 1 + which * 7;
							const was = await value(column, fromSeq);
							const is = flipped(was, at);
							fc.pre(!(typeof is === 'string' && is.includes('\0'))); // PostgreSQL has no such text
							fc.pre(!(column === 'from_seq' && (Number(is) - 1) % 7 === 0)); // another segment's key
							const update = sql`update journal_segment set ${sql.ref(column)} = ${is}
							where board_id = ${board.id} and from_seq = ${fromSeq}`;
							const found = await whileTampered([update], () => journal.verify(board.id));
							expect(found).toMatchObject({ ok: false, firstBadSeq: fromSeq });
						}),
						{ numRuns: 12 }
					);
					expect(await journal.verify(board.id)).toMatchObject({ ok: true });
				}
			);

			test('finds which entry of a segment that was packed anew is another', async () => {
				for (const seq of [8, 11, 14]) {
					const entries = await entriesOf(board);
					const changed = entries.map((entry) =>
						entry.seq === seq ? { ...entry, actorId: 'somebody' } : entry
					);
					const segment = await forged(changed.slice(7, 14));
					const { stamps, updates, digest } = segment;
					const update = sql`update journal_segment set stamps = ${stamps}, updates = ${updates},
						digest = ${digest} where board_id = ${board.id} and from_seq = 8`;
					const found = await whileTampered([update], () => journal.verify(board.id));
					expect(found).toMatchObject({ ok: false, firstBadSeq: seq });
				}
			});

			test('finds a segment that is missing, opens the board nevertheless, and says what is gone', async () => {
				const gone = sql`delete from journal_segment where board_id = ${board.id} and from_seq = 8`;
				const now = readBoard((await journal.load(board.id)).doc);
				await whileTampered([gone], async () => {
					expect(await journal.verify(board.id)).toMatchObject({ ok: false, firstBadSeq: 8 });
					expect(readBoard((await journal.load(board.id)).doc)).toEqual(now);
					expect((await journal.open(board.id, { entries: 100, bytes: 1 << 20 })).head.seq).toBeGreaterThan(
						14
					);
					await expect(journal.load(board.id, 10)).rejects.toThrow(
						`the journal of board ${board.id}: the stretch of entries 8 to 14 is missing or was changed`
					);
				});
			});

			test('names every stretch that is lost, with the times around it, and checks what lies behind', async () => {
				const gone = sql`delete from journal_segment where board_id = ${board.id} and from_seq in (1, 15)`;
				const at = (await entriesOf(board)).map(({ receivedAt }) => receivedAt);
				const head = await journal.head(board.id);
				const mark = { seq: head.seq, hash: head.hash, by: 'a root' };
				await whileTampered([gone], async () => {
					expect(await journal.check(board.id, [mark])).toMatchObject({
						ok: false,
						entries: head.seq - 14,
						firstBadSeq: 1,
						cause: 'lost',
						at: null,
						lost: [
							{ fromSeq: 1, toSeq: 7, afterAt: null, beforeAt: at[7] },
							{ fromSeq: 15, toSeq: 21, afterAt: at[13], beforeAt: at[21] }
						]
					});
					const other = await journal.check(board.id, [{ ...mark, hash: 'another' }]);
					expect(other).toMatchObject({ cause: 'contradicted', causeSeq: head.seq, firstBadSeq: 1 });
					expect(other.lost).toHaveLength(2);
				});
			});

			test('comes to an end where a segment says that it begins behind all there is', async () => {
				const moved = sql`update journal_segment set from_seq = 1000
					where board_id = ${board.id} and from_seq = 8`;
				const found = await whileTampered([moved], () => journal.verify(board.id));
				expect(found).toMatchObject({ ok: false, firstBadSeq: 8 });
			});

			test('says which stretch cannot be read of a segment that is damaged', async () => {
				const damaged = sql`update journal_segment set updates = ${Buffer.from('nothing')}
					where board_id = ${board.id} and from_seq = 8`;
				await whileTampered([damaged], async () => {
					expect(readBoard((await journal.load(board.id, 7)).doc).projects).not.toEqual([]);
					await expect(journal.load(board.id, 10)).rejects.toMatchObject({
						code: 'storage-failed',
						fromSeq: 8,
						toSeq: 14
					});
				});
			});
		});

		/** A segment as somebody makes who does not care what is true. */
		async function forged(entries: Entry[]) {
			return encodeSegment(entries);
		}
		async function insert(segment: Segment) {
			await database.one.db.transaction().execute((trx) => replaceBySegment(trx, segment));
		}
	});
}

/** A value with one bit of it turned over. */
function flipped(value: string | number | Uint8Array, at: number): string | number | Uint8Array {
	if (typeof value === 'number') return value ^ (1 << (at % 31));
	const bytes = Uint8Array.from(typeof value === 'string' ? Buffer.from(value) : value);
	bytes[Math.floor(at / 8) % bytes.length]! ^= 1 << (at % (typeof value === 'string' ? 7 : 8));
	return typeof value === 'string' ? Buffer.from(bytes).toString() : bytes;
}
