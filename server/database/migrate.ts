import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Connection } from './connect.ts';
import { migrationProvider } from './migrations.ts';

/**
 * Brings the database to this program's schema; nothing happens where it is there already.
 * @throws if a step fails, or if a newer program has already changed the database
 */
export async function migrate({ db, kind }: Connection): Promise<void> {
	const migrator = new Migrator({ db, provider: migrationProvider(kind) });
	const { error } = await migrator.migrateToLatest();
	if (error) throw error;
	if (kind === 'postgres') await sortTextsByBytes(db);
}

/** Times, ids and cursors are compared by their bytes, as SQLite does; a database of Chinese people would not. */
async function sortTextsByBytes(db: Connection['db']): Promise<void> {
	await sql`do $$ declare it record; begin
		for it in
			select columns.table_name, columns.column_name from information_schema.columns
			join information_schema.tables using (table_schema, table_name)
			where table_schema = current_schema() and table_type = 'BASE TABLE'
				and data_type = 'text' and collation_name is distinct from 'C'
		loop execute format('alter table %I alter column %I type text collate "C"', it.table_name, it.column_name); end loop;
	end $$`.execute(db);
}
