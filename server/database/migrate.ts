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
}
