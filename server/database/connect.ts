import { dirname } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { makeFolder } from '#server/make-folder.ts';
import type { Database } from './database.ts';
import { sqliteDialect } from './sqlite.ts';

export type DatabaseKind = 'sqlite' | 'postgres';
export type Connection = { db: Kysely<Database>; kind: DatabaseKind };

/** Tells which database a `DATABASE_URL` names. */
export function databaseKindOf(url: string): DatabaseKind {
	return /^postgres(ql)?:/.test(url) ? 'postgres' : 'sqlite';
}

/** bigint columns (seq, epoch, client ids) stay below 2^53, so they are read as numbers. */
const INT8_OID = 20;
/** A server that is out of reach must not keep people waiting for ever. */
const CONNECT_TIMEOUT_MS = 5_000;
/** A commit is on disk when it returns, and what a lost process left open ends by itself. */
const SESSION_OPTIONS =
	'-c synchronous_commit=on -c idle_in_transaction_session_timeout=60000 -c lock_timeout=20000';

function postgresPool(url: string): pg.Pool {
	pg.types.setTypeParser(INT8_OID, Number);
	const pool = new pg.Pool({
		connectionString: url,
		options: SESSION_OPTIONS,
		connectionTimeoutMillis: CONNECT_TIMEOUT_MS
	});
	// the database restarted: the pool lets the connection go, and the query at hand or the next one says why
	const ignore = () => undefined;
	pool.on('error', ignore);
	pool.on('connect', (client) => client.on('error', ignore));
	return pool;
}

/**
 * Opens the database of a `DATABASE_URL`: `sqlite:<path>` or `postgres://…`.
 * @throws if the file cannot be opened; a server is only asked with the first query
 */
export function connect(url: string): Connection {
	if (databaseKindOf(url) === 'postgres') {
		const dialect = new PostgresDialect({ pool: postgresPool(url) });
		return { db: new Kysely<Database>({ dialect }), kind: 'postgres' };
	}
	const path = url.replace(/^sqlite:/, '');
	if (path !== ':memory:') makeFolder(dirname(path));
	return { db: new Kysely<Database>({ dialect: sqliteDialect(path) }), kind: 'sqlite' };
}
