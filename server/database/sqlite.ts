import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import {
	type CompiledQuery,
	type Dialect,
	type QueryResult,
	SqliteAdapter,
	SqliteIntrospector,
	SqliteQueryCompiler
} from 'kysely';
import { SqliteDriver, type SqliteFiles } from './sqlite-driver.ts';
import { NO_LOG, WriteAheadLog } from './write-ahead-log.ts';

/** Statements kept prepared; the program has a few dozen, so the bound only guards against generated SQL. */
const PREPARED_MAX = 500;
/** While the file is opened the program has nothing else to do than to wait for another process. */
const OPEN_WAIT_MS = 5_000;

/** What Kysely binds, as node:sqlite takes it. */
function toSqlite(value: unknown): SQLInputValue {
	if (typeof value === 'boolean') return Number(value);
	if (value instanceof Date) return value.toISOString();
	if (value === undefined) return null;
	return value as SQLInputValue;
}

/** One connection of Node's built-in SQLite, which answers at once or throws: it never waits for a lock. */
export class SqliteFile {
	readonly #connection: DatabaseSync;
	readonly #prepared = new Map<string, StatementSync>();

	/** Whether commits go to a log beside the file, as on any disk but not in memory. */
	readonly hasLog: boolean;

	/**
	 * Write-ahead log, so that readers never wait. `synchronous=NORMAL` with it: COMMIT does not wait for the disk, the
	 * driver does, so that a commit that was reported survives a power cut.
	 * @throws if the file is no SQLite database or cannot be opened
	 */
	constructor(path: string) {
		this.#connection = new DatabaseSync(path, { timeout: OPEN_WAIT_MS, enableForeignKeyConstraints: true });
		this.hasLog = this.#connection.prepare('PRAGMA journal_mode=WAL').get()?.journal_mode === 'wal';
		this.#connection.exec(
			`PRAGMA synchronous=${this.hasLog ? 'NORMAL' : 'FULL'}; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;`
		);
		this.#connection.exec('PRAGMA busy_timeout=0');
	}

	get isInTransaction(): boolean {
		return this.#connection.isTransaction;
	}

	exec(sql: string): void {
		this.#connection.exec(sql);
	}

	run<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
		const statement = this.#prepare(sql);
		const values = parameters.map(toSqlite);
		if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
		const { changes, lastInsertRowid } = statement.run(...values);
		return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
	}

	#prepare(sql: string): StatementSync {
		const known = this.#prepared.get(sql);
		if (known) return known;
		if (this.#prepared.size >= PREPARED_MAX) this.#prepared.clear();
		const statement = this.#connection.prepare(sql);
		this.#prepared.set(sql, statement);
		return statement;
	}

	close(): void {
		this.#connection.close();
	}
}

/**
 * Kysely's SQLite over Node's built-in one.
 * @param path file, or `:memory:`
 * @throws if the file is no SQLite database or cannot be opened
 */
export function sqliteDialect(path: string): Dialect {
	const writer = new SqliteFile(path);
	const reader = path === ':memory:' ? writer : new SqliteFile(path);
	const log = writer.hasLog ? new WriteAheadLog(`${path}-wal`) : NO_LOG;
	return sqliteDialectOf({ writer, reader, log });
}

/** The same over files that are open already. */
export function sqliteDialectOf(files: SqliteFiles): Dialect {
	return {
		createDriver: () => new SqliteDriver(files),
		createQueryCompiler: () => new SqliteQueryCompiler(),
		createAdapter: () => new ConcurrentAdapter(),
		createIntrospector: (db) => new SqliteIntrospector(db)
	};
}

/** The driver itself lets one writer at a time in; reading goes on beside it. */
class ConcurrentAdapter extends SqliteAdapter {
	override get supportsMultipleConnections(): boolean {
		return true;
	}
	/** So that a migration which is broken off has not happened; Kysely takes SQLite to be unable to. */
	override get supportsTransactionalDdl(): boolean {
		return true;
	}
}
