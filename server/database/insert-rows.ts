import type { CompiledQuery, Insertable, Kysely } from 'kysely';
import type { Database } from './database.ts';

/** Parameters of one statement; SQLite takes 32,766. */
const PARAMETERS_MAX = 16_384;

/** Compiled statements by table and number of rows, for each dialect. */
const compiled = new WeakMap<object, Map<string, CompiledQuery>>();

/**
 * Inserts rows, all with the same columns in the same order. Their number is cut into powers of two, so that a few
 * statements serve for any number: compiling one for each would take longer than inserting.
 */
export async function insertRows<Table extends keyof Database & string>(
	db: Kysely<Database>,
	table: Table,
	rows: readonly Insertable<Database[Table]>[]
): Promise<void> {
	const [first] = rows;
	if (!first) return;
	const most = 2 ** Math.floor(Math.log2(PARAMETERS_MAX / Object.keys(first).length));
	for (let start = 0; start < rows.length;) {
		const size = Math.min(most, 2 ** Math.floor(Math.log2(rows.length - start)));
		const portion = rows.slice(start, start + size);
		const parameters = portion.flatMap((row) => Object.values(row));
		await db.executeQuery({ ...statement(db, table, portion), parameters });
		start += size;
	}
}

function statement<Table extends keyof Database & string>(
	db: Kysely<Database>,
	table: Table,
	rows: readonly Insertable<Database[Table]>[]
): CompiledQuery {
	const { adapter } = db.getExecutor();
	const known = compiled.get(adapter) ?? new Map<string, CompiledQuery>();
	compiled.set(adapter, known);
	const key = `${table} ${rows.length}`;
	const query = known.get(key) ?? db.insertInto(table).values(rows).compile();
	known.set(key, query);
	return query;
}
