import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import type { DatabaseKind } from './connect.ts';
import { coarsenChanges } from './coarse-changes.ts';
import { createJournalSegments } from './journal-segments.ts';
import { narrowChanges } from './narrow-changes.ts';

type AnyDatabase = Kysely<unknown>;

/** `blob` and `bytea` are the two databases' words for bytes. */
const bytesOf = (kind: DatabaseKind) => (kind === 'postgres' ? sql`bytea` : sql`blob`);

async function createBoards(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('board')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('title', 'text', (c) => c.notNull())
		.addColumn('template', 'text', (c) => c.notNull())
		.addColumn('epoch', 'bigint', (c) => c.notNull())
		.addColumn('created_at', 'text', (c) => c.notNull())
		.addColumn('created_by', 'text', (c) => c.notNull())
		.addColumn('archived_at', 'text')
		.execute();
	await db.schema
		.createTable('membership')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('user_id', 'text', (c) => c.notNull())
		.addColumn('role', 'text', (c) => c.notNull())
		.addColumn('created_at', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('membership_pk', ['board_id', 'user_id'])
		.execute();
	// to list the boards of one person
	await db.schema.createIndex('membership_user').on('membership').columns(['user_id']).execute();
}

async function createJournal(db: AnyDatabase, kind: DatabaseKind): Promise<void> {
	await db.schema
		.createTable('journal')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('epoch', 'bigint', (c) => c.notNull())
		.addColumn('actor_id', 'text', (c) => c.notNull())
		.addColumn('session_id', 'text')
		.addColumn('received_at', 'text', (c) => c.notNull())
		.addColumn('update_bytes', bytesOf(kind), (c) => c.notNull())
		.addColumn('prev_hash', 'text', (c) => c.notNull())
		.addColumn('hash', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('journal_pk', ['board_id', 'seq'])
		.execute();
	await db.schema
		.createTable('snapshot')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('epoch', 'bigint', (c) => c.notNull())
		.addColumn('state', bytesOf(kind), (c) => c.notNull())
		.addColumn('created_at', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('snapshot_pk', ['board_id', 'seq'])
		.execute();
	await db.schema
		.createTable('client_owner')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('client_id', 'bigint', (c) => c.notNull())
		.addColumn('user_id', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('client_owner_pk', ['board_id', 'client_id'])
		.execute();
}

/** The journal and the audit are kept by the database itself from being rewritten. */
async function forbidRewriting(
	db: AnyDatabase,
	kind: DatabaseKind,
	table: 'journal' | 'audit' | 'board_act'
): Promise<void> {
	if (kind === 'postgres') {
		await sql`create or replace function refuse_rewriting() returns trigger language plpgsql as
			$$ begin raise exception '% is append-only', tg_table_name; end $$`.execute(db);
		await sql`create trigger ${sql.ref(`${table}_append_only`)} before update or delete or truncate on ${sql.table(table)}
			for each statement execute function refuse_rewriting()`.execute(db);
		return;
	}
	for (const verb of ['update', 'delete'] as const) {
		await sql`create trigger ${sql.ref(`${table}_no_${verb}`)} before ${sql.raw(verb)} on ${sql.table(table)}
			begin select raise(abort, ${sql.lit(`${table} is append-only`)}); end`.execute(db);
	}
}

/** What a row of the history holds. */
function withChangeColumns<Table extends string>(table: CreateTableBuilder<Table>) {
	return table
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('index', 'integer', (c) => c.notNull())
		.addColumn('at', 'text', (c) => c.notNull())
		.addColumn('dated', 'text', (c) => c.notNull())
		.addColumn('document_date', 'text')
		.addColumn('actor_id', 'text', (c) => c.notNull())
		.addColumn('kind', 'text', (c) => c.notNull())
		.addColumn('project_id', 'text')
		.addColumn('project_name', 'text')
		.addColumn('stage_id', 'text')
		.addColumn('field', 'text')
		.addColumn('member', 'text')
		.addColumn('before', 'text', (c) => c.notNull())
		.addColumn('after', 'text', (c) => c.notNull());
}

async function createHistory(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('change')
		.$call(withChangeColumns)
		.addPrimaryKeyConstraint('change_pk', ['board_id', 'seq', 'index'])
		.execute();
	// the history page: newest first, a page at a time, on the clock of what the rows speak of
	await db.schema
		.createIndex('change_dated')
		.on('change')
		.columns(['board_id', 'dated', 'seq', 'index'])
		.execute();
	// the history of one project
	await db.schema
		.createIndex('change_project')
		.on('change')
		.columns(['board_id', 'project_id', 'seq'])
		.execute();
	// who last moved or wrote notes on each project; the history of one kind
	await db.schema
		.createIndex('change_kind')
		.on('change')
		.columns(['board_id', 'kind', 'project_id', 'seq'])
		.execute();
	// who changed a board; the history of one person or organisation
	await db.schema.createIndex('change_actor').on('change').columns(['board_id', 'actor_id', 'seq']).execute();
}

async function createPeople(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('organisation')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('name_en', 'text', (c) => c.notNull())
		.addColumn('kind', 'text', (c) => c.notNull())
		.addColumn('place', 'text')
		.execute();
	await db.schema
		.createTable('person')
		.addColumn('user_id', 'text', (c) => c.primaryKey())
		.addColumn('organisation_id', 'text', (c) => c.references('organisation.id'))
		.addColumn('role', 'text', (c) => c.notNull())
		.addColumn('disabled_at', 'text')
		.execute();
	await db.schema
		.createTable('access_token')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('user_id', 'text', (c) => c.notNull())
		.addColumn('digest', 'text', (c) => c.notNull().unique())
		.addColumn('created_at', 'text', (c) => c.notNull())
		.addColumn('last_used_at', 'text')
		.addColumn('revoked_at', 'text')
		.execute();
	await db.schema
		.createTable('invitation')
		.addColumn('digest', 'text', (c) => c.primaryKey())
		.addColumn('purpose', 'text', (c) => c.notNull())
		.addColumn('created_at', 'text', (c) => c.notNull())
		.addColumn('used_at', 'text')
		.execute();
}

async function createAudit(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('audit')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('at', 'text', (c) => c.notNull())
		.addColumn('actor_id', 'text')
		.addColumn('session_id', 'text')
		.addColumn('address', 'text')
		.addColumn('action', 'text', (c) => c.notNull())
		.addColumn('object', 'text')
		.addColumn('result', 'text', (c) => c.notNull())
		.execute();
	// an auditor reads by time
	await db.schema.createIndex('audit_at').on('audit').columns(['at']).execute();
}

async function createNamedVersions(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('named_version')
		.addColumn('id', 'text', (c) => c.primaryKey())
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('name', 'text', (c) => c.notNull())
		.addColumn('note', 'text', (c) => c.notNull())
		.addColumn('created_at', 'text', (c) => c.notNull())
		.addColumn('created_by', 'text', (c) => c.notNull())
		// a name stands for one moment of a board; the index also lists a board's versions
		.addUniqueConstraint('named_version_name', ['board_id', 'name'])
		.execute();
}

async function createVisits(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('board_visit')
		.addColumn('board_id', 'text', (c) => c.notNull())
		.addColumn('user_id', 'text', (c) => c.notNull())
		.addColumn('seen_at', 'text', (c) => c.notNull())
		.addColumn('before_at', 'text')
		.addPrimaryKeyConstraint('board_visit_pk', ['board_id', 'user_id'])
		.execute();
}

async function createClashSettlements(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('clash_settlement')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('index', 'integer', (c) => c.notNull())
		.addColumn('user_id', 'text', (c) => c.notNull())
		.addColumn('settled_at', 'text', (c) => c.notNull())
		.addColumn('choice', 'text', (c) => c.notNull())
		.addPrimaryKeyConstraint('clash_settlement_pk', ['board_id', 'seq', 'index'])
		.execute();
}

async function createBoardActs(db: AnyDatabase): Promise<void> {
	await db.schema
		.createTable('board_act')
		.$call(withChangeColumns)
		.addPrimaryKeyConstraint('board_act_pk', ['board_id', 'seq', 'index'])
		.execute();
}

async function createCheckpoints(db: AnyDatabase, kind: DatabaseKind): Promise<void> {
	await db.schema
		.createTable('board_checkpoint')
		.addColumn('board_id', 'text', (c) => c.notNull().references('board.id'))
		.addColumn('seq', 'bigint', (c) => c.notNull())
		.addColumn('bytes', 'integer', (c) => c.notNull())
		.addColumn('picture', bytesOf(kind), (c) => c.notNull())
		.addPrimaryKeyConstraint('board_checkpoint_pk', ['board_id', 'seq'])
		.execute();
}

function migrations(kind: DatabaseKind): Record<string, Migration> {
	return {
		'0001-boards-journal-history-people': {
			async up(db: AnyDatabase) {
				await createBoards(db);
				await createJournal(db, kind);
				await forbidRewriting(db, kind, 'journal');
				await createHistory(db);
				await createPeople(db);
				await createAudit(db);
				await forbidRewriting(db, kind, 'audit');
			}
		},
		'0003-named-versions': { up: createNamedVersions },
		'0004-board-visits': { up: createVisits },
		'0005-clash-settlements': { up: createClashSettlements },
		'0006-journal-segments': { up: (db: AnyDatabase) => createJournalSegments(db, kind) },
		'0007-board-acts': {
			async up(db: AnyDatabase) {
				await createBoardActs(db);
				await forbidRewriting(db, kind, 'board_act');
			}
		},
		'0008-board-checkpoints': { up: (db: AnyDatabase) => createCheckpoints(db, kind) },
		'0009-narrow-changes': { up: (db: AnyDatabase) => narrowChanges(db, kind) },
		'0010-coarse-changes': { up: (db: AnyDatabase) => coarsenChanges(db, kind) }
	};
}

/** Names of all steps this program knows. */
export function knownMigrations(): string[] {
	return Object.keys(migrations('sqlite'));
}

/** The schema's history as code: name → step, applied in the order of names. */
export function migrationProvider(kind: DatabaseKind): MigrationProvider {
	return { getMigrations: () => Promise.resolve(migrations(kind)) };
}
