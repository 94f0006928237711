import { type Kysely, type RawBuilder, sql } from 'kysely';
import { KIND_CODES, NEWEST_SOUGHT } from './change-kinds.ts';
import type { DatabaseKind } from './connect.ts';

type AnyDatabase = Kysely<unknown>;

/** What the two databases say in words of their own. */
interface Words {
	/** Milliseconds of the moment of a row, */
	moment: RawBuilder<unknown>;
	/** and of the first day that the date of its document can mean. */
	day: RawBuilder<unknown>;
	/** Compares texts by their bytes. */
	byBytes: RawBuilder<unknown>;
}
const WORDS: Record<DatabaseKind, Words> = {
	sqlite: {
		moment: sql`unixepoch(wide.at) * 1000 + cast(substr(wide.at, 21, 3) as integer)`,
		day: sql`unixepoch(substr(wide.document_date || '-01-01', 1, 10)) * 1000`,
		byBytes: sql``
	},
	postgres: {
		moment: sql`(extract(epoch from wide.at::timestamptz) * 1000)::bigint`,
		// 400 years on the calendar is the same; there is no year 0
		day: sql`(make_date(substr(wide.document_date, 1, 4)::int + 400,
			substr(wide.document_date || '-01-01', 6, 2)::int, substr(wide.document_date || '-01-01', 9, 2)::int)
			- date '2370-01-01')::bigint * 86400000`,
		byBytes: sql`collate "C"`
	}
};

/** Columns of the rows of before whose texts are repeated. */
const REPEATED = ['actor_id', 'project_id', 'project_name', 'stage_id', 'field'] as const;

/**
 * Makes the rows of the history narrow: numbers in the place of texts that they repeat, of times and of kinds. What they
 * say stays, row by row; the database does it, so that nothing of them is held in memory here.
 */
export async function narrowChanges(db: AnyDatabase, kind: DatabaseKind): Promise<void> {
	for (const index of ['dated', 'project', 'kind', 'actor'])
		await db.schema.dropIndex(`change_${index}`).execute();
	await db.schema.alterTable('change').renameTo('wide_change').execute();
	if (kind === 'postgres')
		await sql`alter table wide_change rename constraint change_pk to wide_change_pk`.execute(db);
	await createTables(db, kind);
	await keepTerms(db, WORDS[kind]);
	await copyRows(db, WORDS[kind]);
	await db.schema.dropTable('wide_change').execute();
	await createIndexes(db, kind);
}

async function createTables(db: AnyDatabase, kind: DatabaseKind): Promise<void> {
	await db.schema
		.createTable('change_term')
		.addColumn('id', 'integer', (c) =>
			kind === 'postgres' ? c.primaryKey().generatedByDefaultAsIdentity() : c.primaryKey()
		)
		.addColumn('board', 'integer', (c) => c.notNull())
		.addColumn('text', kind === 'postgres' ? sql`text collate "C"` : 'text', (c) => c.notNull())
		.addUniqueConstraint('change_term_text', ['board', 'text'])
		.execute();
	// no column is ever null: PostgreSQL keeps eight bytes more of each row where one is
	await db.schema
		.createTable('change')
		.addColumn('at', 'bigint', (c) => c.notNull())
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('document_date', 'bigint', (c) => c.notNull())
		.addColumn('board', 'integer', (c) => c.notNull())
		.addColumn('index', 'integer', (c) => c.notNull())
		.addColumn('actor', 'integer', (c) => c.notNull())
		.addColumn('project', 'integer', (c) => c.notNull())
		.addColumn('name', 'integer', (c) => c.notNull())
		.addColumn('stage', 'integer', (c) => c.notNull())
		.addColumn('field', 'integer', (c) => c.notNull())
		.addColumn('kind', 'smallint', (c) => c.notNull())
		.addColumn('member', 'text', (c) => c.notNull())
		.addColumn('before', 'text', (c) => c.notNull())
		.addColumn('after', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('change_pk', ['board', 'seq', 'index'])
		.execute();
}

/** Each board's own term is that of board 0; all others belong to their board. */
async function keepTerms(db: AnyDatabase, { byBytes }: Words): Promise<void> {
	await sql`insert into change_term (board, text) select distinct 0, board_id from wide_change`.execute(db);
	const each = REPEATED.map((column) => sql`select board_id, ${sql.ref(column)} as text from wide_change`);
	await sql`insert into change_term (board, text)
		select distinct own.id, said.text from (${sql.join(each, sql` union `)}) as said
		join change_term as own on own.board = 0 and own.text = said.board_id ${byBytes}
		where said.text is not null`.execute(db);
}

async function copyRows(db: AnyDatabase, { moment, day, byBytes }: Words): Promise<void> {
	const codes = Object.entries(KIND_CODES).map(
		([kind, code]) => sql`when ${sql.lit(kind)} then ${sql.lit(code)}`
	);
	const termOf = (column: (typeof REPEATED)[number]) => sql`(select term.id from change_term as term
		where term.board = own.id and term.text = ${sql.ref(`wide.${column}`)} ${byBytes})`;
	const jsonOf = (
		column: 'before' | 'after'
	) => sql`case ${sql.ref(`wide.${column}`)} when 'null' then '' else
		${sql.ref(`wide.${column}`)} end`;
	await sql`insert into change (at, seq, document_date, board, "index", actor, project, name, stage, field, kind, member,
			before, after)
		select ${moment}, wide.seq,
			case when wide.document_date is null then 0 else (${day}) * 4 + (length(wide.document_date) - 1) / 3 end,
			own.id, wide."index", ${termOf('actor_id')}, coalesce(${termOf('project_id')}, own.id),
			coalesce(${termOf('project_name')}, 0), coalesce(${termOf('stage_id')}, 0), coalesce(${termOf('field')}, 0),
			case wide.kind ${sql.join(codes, sql` `)} end, coalesce(wide.member, ''), ${jsonOf('before')}, ${jsonOf('after')}
		from wide_change as wide join change_term as own on own.board = 0 and own.text = wide.board_id ${byBytes}
		order by wide.board_id, wide.seq, wide."index"`.execute(db);
}

/**
 * On PostgreSQL an entry of an index takes 28 bytes and more, but some 6 where many rows have the same key: there the keys
 * are coarse. On either database those of times are, of 17 minutes: a time takes six bytes. Rows of one key are sorted as
 * they are read, which is quick as long as they are some thousands.
 */
async function createIndexes(db: AnyDatabase, kind: DatabaseKind): Promise<void> {
	const isCoarse = kind === 'postgres';
	const dated = sql`(case document_date when 0 then (at + 1) * 4 else document_date end)`;
	const indexes: Record<string, RawBuilder<unknown>> = {
		// the history page: newest first, a page at a time, on the clock of what the rows speak of
		dated: sql`board, (${dated} >> 22)`,
		// the history of one project; its number says of which board it is
		project: isCoarse ? sql`project, (seq >> 16)` : sql`project, seq`,
		// the history of one kind, or of one field
		kind: isCoarse ? sql`board, kind, field, (seq >> 12)` : sql`board, kind, field, seq`,
		// who changed a board; the history of one person or organisation
		actor: isCoarse ? sql`board, actor, (seq >> 12)` : sql`board, actor, seq`
	};
	for (const [name, columns] of Object.entries(indexes))
		await sql`create index ${sql.ref(`change_${name}`)} on change (${columns})`.execute(db);
	// who last moved or removed each project, or wrote its notes; SQLite sees that one kind is among others only so
	const sought = NEWEST_SOUGHT.map((sought) => sql`kind = ${sql.lit(KIND_CODES[sought])}`);
	await sql`create index change_newest on change (board, kind, project, seq) where ${sql.join(sought, sql` or `)}`.execute(
		db
	);
}
