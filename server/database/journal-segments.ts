import { type Kysely, sql } from 'kysely';
import type { DatabaseKind } from './connect.ts';

/** What a new segment must be, in terms of the tables alone: it goes on from the last, and holds what is there. */
const DOES_NOT_FIT = sql`new.from_seq <> 1 + coalesce((select max(to_seq) from journal_segment where board_id = new.board_id), 0)
	or new.to_seq - new.from_seq + 1 <> (select count(*) from journal
		where board_id = new.board_id and seq between new.from_seq and new.to_seq and epoch = new.epoch)
	or new.prev_hash <> (select prev_hash from journal where board_id = new.board_id and seq = new.from_seq)
	or new.hash <> (select hash from journal where board_id = new.board_id and seq = new.to_seq)
	or not exists (select 1 from journal where board_id = new.board_id and seq > new.to_seq)`;
const IS_PACKED = sql`exists (select 1 from journal_segment
	where board_id = old.board_id and from_seq <= old.seq and to_seq >= old.seq)`;

/** Segments, and rows that may go once they are in one: nothing else may, and no segment ever. */
export async function createJournalSegments(db: Kysely<unknown>, kind: DatabaseKind): Promise<void> {
	const bytes = kind === 'postgres' ? sql`bytea` : sql`blob`;
	await db.schema
		.alterTable('board')
		.addColumn('packed_seq', 'bigint', (c) => c.notNull().defaultTo(0))
		.execute();
	await db.schema
		.createTable('journal_segment')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('from_seq', 'bigint', (c) => c.notNull())
		.addColumn('to_seq', 'bigint', (c) => c.notNull())
		.addColumn('epoch', 'bigint', (c) => c.notNull())
		.addColumn('prev_hash', 'text', (c) => c.notNull())
		.addColumn('hash', 'text', (c) => c.notNull())
		.addColumn('earliest_at', 'text', (c) => c.notNull())
		.addColumn('stamps', bytes, (c) => c.notNull())
		.addColumn('updates', bytes, (c) => c.notNull())
		.addColumn('digest', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('journal_segment_pk', ['board_id', 'from_seq'])
		.execute();
	await (kind === 'postgres' ? guardOnPostgres(db) : guardOnSqlite(db));
}

async function guardOnSqlite(db: Kysely<unknown>): Promise<void> {
	await sql`drop trigger journal_no_delete`.execute(db);
	await sql`create trigger journal_no_delete before delete on journal when not ${IS_PACKED}
		begin select raise(abort, 'journal is append-only'); end`.execute(db);
	await sql`create trigger journal_segment_fits before insert on journal_segment when ${DOES_NOT_FIT}
		begin select raise(abort, 'a segment must hold the entries after the last segment'); end`.execute(db);
	for (const verb of ['update', 'delete'])
		await sql`create trigger ${sql.ref(`journal_segment_no_${verb}`)} before ${sql.raw(verb)} on journal_segment
			begin select raise(abort, 'journal_segment is append-only'); end`.execute(db);
}

async function guardOnPostgres(db: Kysely<unknown>): Promise<void> {
	await sql`drop trigger journal_append_only on journal`.execute(db);
	await sql`create trigger journal_append_only before update or truncate on journal
		for each statement execute function refuse_rewriting()`.execute(db);
	await sql`create function refuse_unpacked() returns trigger language plpgsql as $$ begin
		if ${IS_PACKED} then return old; end if;
		raise exception 'journal is append-only'; end $$`.execute(db);
	await sql`create trigger journal_only_packed_goes before delete on journal
		for each row execute function refuse_unpacked()`.execute(db);
	await sql`create function refuse_misfits() returns trigger language plpgsql as $$ begin
		if ${DOES_NOT_FIT} then raise exception 'a segment must hold the entries after the last segment'; end if;
		return new; end $$`.execute(db);
	await sql`create trigger journal_segment_fits before insert on journal_segment
		for each row execute function refuse_misfits()`.execute(db);
	await sql`create trigger journal_segment_append_only before update or delete or truncate on journal_segment
		for each statement execute function refuse_rewriting()`.execute(db);
}
