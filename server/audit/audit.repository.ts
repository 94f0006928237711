import type { Kysely } from 'kysely';
import type { AuditTable, Database } from '#server/database/database.ts';

/** One act as it is kept: ids, addresses and codes only. */
export interface AuditRecord {
	id: string;
	/** ISO 8601 UTC. */
	at: string;
	userId: string | null;
	sessionId: string | null;
	address: string | null;
	action: string;
	/** What it was done to, as `key=value` words. */
	object: string | null;
	/** `ok`, or why it did not happen. */
	result: string;
}

const fromRow = ({ actor_id: userId, session_id: sessionId, ...row }: AuditTable): AuditRecord => ({
	id: row.id,
	at: row.at,
	userId,
	sessionId,
	address: row.address,
	action: row.action,
	object: row.object,
	result: row.result
});
const toRow = ({ userId, sessionId, ...record }: AuditRecord): AuditTable => ({
	...record,
	actor_id: userId,
	session_id: sessionId
});

/** 8 columns a row, within the 32,766 parameters SQLite takes. */
const ROWS_PER_INSERT = 1_000;

/** Adds records; the database itself refuses to change or delete them. One that is there already stays. */
export async function insertAuditRecords(
	db: Kysely<Database>,
	records: readonly AuditRecord[]
): Promise<void> {
	for (let start = 0; start < records.length; start += ROWS_PER_INSERT) {
		await db
			.insertInto('audit')
			.values(records.slice(start, start + ROWS_PER_INSERT).map(toRow))
			.onConflict((conflict) => conflict.column('id').doNothing())
			.execute();
	}
}

/** Which records a reader wants; all bounds are optional. */
export interface AuditQuery {
	action?: string | undefined;
	userId?: string | undefined;
	/** Records before this one (`id` of the last one read), for the next page. */
	before?: string | undefined;
	limit: number;
}

/** Records, newest first. Ids begin with the time, so that they order as the records came. */
export async function listAuditRecords(db: Kysely<Database>, query: AuditQuery): Promise<AuditRecord[]> {
	let rows = db.selectFrom('audit').selectAll();
	if (query.action !== undefined) rows = rows.where('action', '=', query.action);
	if (query.userId !== undefined) rows = rows.where('actor_id', '=', query.userId);
	if (query.before !== undefined) rows = rows.where('id', '<', query.before);
	return (await rows.orderBy('id', 'desc').limit(query.limit).execute()).map(fromRow);
}
