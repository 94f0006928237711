import { PostgresAdapter, type QueryExecutorProvider } from 'kysely';

/** Whether a connection or transaction leads to PostgreSQL, for what the two databases must be told in different words. */
export const isPostgres = (db: QueryExecutorProvider): boolean =>
	db.getExecutor().adapter instanceof PostgresAdapter;
