import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTitle } from '#doc/mutators.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { ProofService } from '#server/proof/proof.service.ts';
import { RootService } from '#server/proof/root.service.ts';
import { play } from '../history/play.ts';
import type { WrittenBoard } from '../history/written-board.ts';
import { startPostgresOrSay } from '../support/postgres.ts';
import { temporaryDataDir } from '../support/server-process.ts';

const postgres = await startPostgresOrSay();
afterAll(() => postgres?.stop());

const COLUMNS = [
	'board_id',
	'seq',
	'epoch',
	'actor_id',
	'session_id',
	'received_at',
	'update_bytes',
	'prev_hash',
	'hash'
] as const;
type Column = (typeof COLUMNS)[number];
type Value = string | number | Uint8Array | null;

/** A value with one bit of it turned over, as stored: numbers of 32 bits, texts that stay texts. */
function flipped(value: Value, at: number): Value {
	if (typeof value === 'number') return value ^ (1 << (at % 31));
	if (value === null) return String.fromCharCode(1 + (at % 127));
	const bytes = Uint8Array.from(typeof value === 'string' ? Buffer.from(value) : value);
	if (bytes.length === 0) return Uint8Array.of(1 << (at % 8));
	const index = Math.floor(at / 8) % bytes.length;
	bytes[index]! ^= 1 << (at % (typeof value === 'string' ? 7 : 8));
	return typeof value === 'string' ? Buffer.from(bytes).toString() : bytes;
}

const databases: { name: string; makeUrl: () => Promise<string> }[] = [
	{ name: 'SQLite', makeUrl: () => Promise.resolve('sqlite::memory:') },
	...(postgres ? [{ name: 'PostgreSQL', makeUrl: () => postgres.createDatabase() }] : [])
];

describe.each(databases)('somebody with the database in hand, on $name,', ({ makeUrl }) => {
	let connection: Connection;
	let board: WrittenBoard;
	let proofs: ProofService;
	let last: number;

	beforeAll(async () => {
		connection = await openDatabase(await makeUrl());
		const rename = (title: string) => ({
			do: 'edit' as const,
			by: 'mei',
			write: (doc: Parameters<typeof setTitle>[0]) => setTitle(doc, title)
		});
		board = await play(connection.db, ['一', '二', '三', '四', '五'].map(rename));
		const roots = new RootService({ journal: board.journal, dataDir: temporaryDataDir() });
		await roots.write();
		proofs = new ProofService({ journal: board.journal, roots });
		last = (await board.journal.head(board.id)).seq;
		await disarm(connection);
	});
	afterAll(() => connection.db.destroy());

	const verify = () => proofs.verify(board.id);
	const read = async (column: Column, seq: number): Promise<Value> => {
		const row = await connection.db
			.selectFrom('journal')
			.select(column)
			.where('seq', '=', seq)
			.executeTakeFirstOrThrow();
		return row[column];
	};

	test('changes nothing: the journal is sound, and under a signed root', async () => {
		expect(await verify()).toMatchObject({ ok: true, entries: last, cause: null, root: { seq: last } });
	});

	test.each(COLUMNS)('turns any bit of "%s" over and is found', async (column) => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: last }), fc.nat(100_000), async (seq, at) => {
				const [was, is] = [await read(column, seq), flipped(await read(column, seq), at)];
				fc.pre(is !== '' && !(column === 'seq' && Number(is) >= 0 && Number(is) <= last));
				fc.pre(!(typeof is === 'string' && is.includes('\0'))); // PostgreSQL has no such text
				const where = column === 'seq' ? Number(is) : seq;
				await sql`update journal set ${sql.ref(column)} = ${is} where seq = ${seq}`.execute(connection.db);
				const found = await verify();
				await sql`update journal set ${sql.ref(column)} = ${was} where seq = ${where}`.execute(connection.db);
				// an entry with a number below all others stands before them
				const bad = column === 'seq' && Number(is) < 0 ? 1 : seq;
				expect(found).toMatchObject({ ok: false, firstBadSeq: bad });
			}),
			{ numRuns: 40 }
		);
		expect(await verify()).toMatchObject({ ok: true });
	});

	describe('and puts everything back afterwards', () => {
		/** What verifying finds while a statement is in force. */
		async function foundWith(...statements: string[]) {
			await sql`create table kept as select * from journal`.execute(connection.db);
			for (const statement of statements) await sql.raw(statement).execute(connection.db);
			const found = await verify();
			await sql`delete from journal`.execute(connection.db);
			await sql`insert into journal select * from kept`.execute(connection.db);
			await sql`drop table kept`.execute(connection.db);
			return found;
		}

		test('takes out any one row', async () => {
			for (let seq = 1; seq <= last; seq++)
				expect(await foundWith(`delete from journal where seq = ${seq}`)).toMatchObject({
					ok: false,
					firstBadSeq: seq
				});
		});

		test('exchanges two rows', async () => {
			const swap = (one: number, two: number) => [
				`update journal set seq = 1000 where seq = ${one}`,
				`update journal set seq = ${one} where seq = ${two}`,
				`update journal set seq = ${two} where seq = 1000`
			];
			expect(await foundWith(...swap(2, 4))).toMatchObject({ ok: false, firstBadSeq: 2 });
			expect(await foundWith(...swap(1, last))).toMatchObject({ ok: false, firstBadSeq: 1 });
		});

		test('cuts the end off with all that was made from it: the signed root knows of it', async () => {
			await sql`delete from change`.execute(connection.db);
			await sql`delete from snapshot`.execute(connection.db);
			const cut = await foundWith(`delete from journal where seq >= ${last - 1}`);
			expect(cut).toMatchObject({
				ok: false,
				entries: last - 2,
				firstBadSeq: last - 1,
				cause: 'cut',
				missedRoot: { seq: last }
			});
			expect(await foundWith('delete from journal')).toMatchObject({
				ok: false,
				firstBadSeq: 1,
				cause: 'cut'
			});
		});
	});
});

/** Takes away what keeps honest people from such things. */
async function disarm({ db, kind }: Connection): Promise<void> {
	if (kind === 'postgres') {
		await sql`alter table journal disable trigger all`.execute(db);
		await sql`alter table journal drop constraint journal_board_id_fkey`.execute(db);
		return;
	}
	await sql`drop trigger journal_no_update`.execute(db);
	await sql`drop trigger journal_no_delete`.execute(db);
	await sql`pragma foreign_keys = off`.execute(db);
}
