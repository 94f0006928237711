import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
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

/**
 * Opens the database of a `DATABASE_URL`: `sqlite:<path>` or `postgres://…`.
 * @throws if the file or server cannot be opened
 */
export function connect(url: string): Connection {
	if (databaseKindOf(url) === 'postgres') {
		pg.types.setTypeParser(INT8_OID, Number);
		const pool = new pg.Pool({ connectionString: url, options: '-c synchronous_commit=on' });
		return { db: new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }), kind: 'postgres' };
	}
	const path = url.replace(/^sqlite:/, '');
	if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
	return { db: new Kysely<Database>({ dialect: sqliteDialect(path) }), kind: 'sqlite' };
}
