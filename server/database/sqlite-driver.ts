import { setTimeout as delay } from 'node:timers/promises';
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import type { SqliteFile } from './sqlite.ts';
import type { CommitLog } from './write-ahead-log.ts';

const SQLITE_BUSY = 5;
/** Extended codes carry more in their higher bits. */
const PRIMARY_CODE = 0xff;
const POLL_MS = 5;
/** Another process may hold the file, for a backup say: nothing is lost by waiting, and nobody is held up by it. */
const LOCK_WAIT_MS = 20_000;

function isBusy(error: unknown): boolean {
	return ((error as { errcode?: number }).errcode ?? 0) % (PRIMARY_CODE + 1) === SQLITE_BUSY;
}

/** Does something as soon as no other process's lock is in the way, without blocking this one meanwhile. */
async function onceFree<T>(act: () => T): Promise<T> {
	const deadline = performance.now() + LOCK_WAIT_MS;
	for (;;) {
		try {
			return act();
		} catch (error) {
			if (!isBusy(error) || performance.now() > deadline) throw error;
			await delay(POLL_MS);
		}
	}
}

/** The one place from which this process writes: taken in the order of asking. */
class WriteLock {
	#tail: Promise<void> = Promise.resolve();

	/** Resolves, to what gives the lock back, when all who asked before have given it back. */
	async take(): Promise<() => void> {
		const before = this.#tail;
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#tail = promise;
		await before;
		return resolve;
	}
}

/** Two connections to one file, or one to a database in memory, and what makes their commits last. */
export interface SqliteFiles {
	writer: SqliteFile;
	reader: SqliteFile;
	log: CommitLog;
}

/**
 * Drives two connections to one file: transactions and single writes take turns on one of them, and readers see the
 * last commit on the other, also while a transaction waits for another process's lock. What is written is on the disk
 * before anybody is told so, or reads it.
 */
export class SqliteDriver implements Driver {
	readonly #files: SqliteFiles;
	readonly #lock = new WriteLock();
	constructor(files: SqliteFiles) {
		this.#files = files;
	}

	async init(): Promise<void> {}

	acquireConnection(): Promise<SqliteConnection> {
		return Promise.resolve(new SqliteConnection(this.#files, this.#lock));
	}

	beginTransaction(connection: SqliteConnection): Promise<void> {
		return connection.begin();
	}

	commitTransaction(connection: SqliteConnection): Promise<void> {
		return connection.commit();
	}

	async rollbackTransaction(connection: SqliteConnection): Promise<void> {
		connection.end();
	}

	async releaseConnection(connection: SqliteConnection): Promise<void> {
		connection.end();
	}

	async destroy(): Promise<void> {
		const { writer, reader, log } = this.#files;
		await log.close();
		writer.close();
		if (reader !== writer) reader.close();
	}
}

/** What one caller has of the file: reading, single writes, or a transaction. */
class SqliteConnection implements DatabaseConnection {
	readonly #writer: SqliteFile;
	readonly #reader: SqliteFile;
	readonly #log: CommitLog;
	readonly #lock: WriteLock;
	/** Set while this connection is in a transaction. */
	#giveBack: (() => void) | undefined;
	constructor({ writer, reader, log }: SqliteFiles, lock: WriteLock) {
		this.#writer = writer;
		this.#reader = reader;
		this.#log = log;
		this.#lock = lock;
	}

	async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		if (this.#giveBack) return this.#writer.run(query);
		const isReading = query.query.kind === 'SelectQueryNode' && this.#reader !== this.#writer;
		if (isReading) return this.#read(query);
		const result = await this.#write<R>(query);
		await this.#log.flush();
		return result;
	}

	async #read<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		await this.#log.settled();
		return onceFree(() => this.#reader.run(query));
	}

	async #write<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		const giveBack = await this.#lock.take();
		try {
			return await onceFree(() => this.#writer.run<R>(query));
		} finally {
			giveBack();
		}
	}

	async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
		yield await this.executeQuery(query);
	}

	/** Takes the file's write lock at once: a transaction that reads first could not wait for it later. */
	async begin(): Promise<void> {
		const giveBack = await this.#lock.take();
		try {
			await onceFree(() => this.#writer.exec('BEGIN IMMEDIATE'));
		} catch (error) {
			giveBack();
			throw error;
		}
		this.#giveBack = giveBack;
	}

	/** Others may write while the disk takes what this transaction wrote. */
	async commit(): Promise<void> {
		this.#writer.exec('COMMIT');
		this.end();
		await this.#log.flush();
	}

	/** Undoes what is not committed; some errors have ended the transaction already. */
	end(): void {
		if (!this.#giveBack) return;
		try {
			if (this.#writer.isInTransaction) this.#writer.exec('ROLLBACK');
		} finally {
			this.#giveBack();
			this.#giveBack = undefined;
		}
	}
}
