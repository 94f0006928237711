import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';

/** Statements kept prepared; the program has a few dozen, so the bound only guards against generated SQL. */
const PREPARED_MAX = 500;
const BUSY_TIMEOUT_MS = 5_000;

/** What Kysely binds, as node:sqlite takes it. */
function toSqlite(value: unknown): SQLInputValue {
	if (typeof value === 'boolean') return Number(value);
	if (value instanceof Date) return value.toISOString();
	if (value === undefined) return null;
	return value as SQLInputValue;
}

function adapt(statement: StatementSync): SqliteStatement {
	return {
		reader: statement.columns().length > 0,
		all: (parameters) => statement.all(...parameters.map(toSqlite)),
		run: (parameters) => {
			const { changes, lastInsertRowid } = statement.run(...parameters.map(toSqlite));
			return { changes, lastInsertRowid };
		},
		iterate: (parameters) => statement.iterate(...parameters.map(toSqlite)) as IterableIterator<unknown>
	};
}

/**
 * Kysely's own SQLite dialect over Node's built-in SQLite: write-ahead log, and `synchronous=FULL` so that a
 * committed edit survives a power cut.
 * @param path file, or `:memory:`
 * @throws if the file is no SQLite database or cannot be opened
 */
export function sqliteDialect(path: string): SqliteDialect {
	const connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
	connection.exec(
		'PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;'
	);
	const prepared = new Map<string, SqliteStatement>();
	const database: SqliteDatabase = {
		close: () => connection.close(),
		prepare(sql) {
			const known = prepared.get(sql);
			if (known) return known;
			if (prepared.size >= PREPARED_MAX) prepared.clear();
			const statement = adapt(connection.prepare(sql));
			prepared.set(sql, statement);
			return statement;
		}
	};
	return new SqliteDialect({ database });
}
