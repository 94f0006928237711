import { randomBytes } from 'node:crypto';
import type { RefusalCode } from '#domain/refusal.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import {
	type AuditQuery,
	type AuditRecord,
	insertAuditRecords,
	listAuditRecords
} from './audit.repository.ts';
import type { Who } from './who.ts';

export type { AuditRecord } from './audit.repository.ts';

/** What is recorded; each act gives one record. */
export const AUDIT_ACTIONS = [
	'sign-in',
	'sign-out',
	'password-change',
	'person-add',
	'person-change',
	'person-disable',
	'person-erase',
	'organisation-add',
	'token-make',
	'token-revoke',
	'token-use',
	'member-put',
	'member-remove',
	'board-create',
	'board-import',
	'board-export',
	'board-archive',
	'board-restore',
	'board-epoch',
	'board-compact',
	'history-rebuild',
	'history-pack',
	'history-export',
	'root-write',
	'root-export',
	'update',
	'rights-check',
	'backup',
	'restore',
	'version-name',
	'version-change',
	'version-remove'
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One act: who did or tried what to what, and how it went. */
export interface AuditEvent {
	who: Who;
	action: AuditAction;
	/** What it was done to: `{ board: 'dianzhong', user: 'u1' }`. Ids and codes, never names or secrets. */
	object?: Readonly<Record<string, string | null | undefined>>;
	/** Left out = it happened. `refused` = a wrong password. */
	result?: 'ok' | 'refused' | RefusalCode;
}

/** Longer words of an object are cut: they come from outside. */
const WORD_MAX_CHARS = 200;
const RANDOM_BYTES = 8;

/** `{ board: 'b', user: 'u' }` → `board=b user=u`; what is absent is left out. */
function wordsOf(object: AuditEvent['object']): string | null {
	const words = Object.entries(object ?? {}).flatMap(([key, value]) =>
		value === null || value === undefined ? [] : [`${key}=${value.slice(0, WORD_MAX_CHARS)}`]
	);
	return words.length > 0 ? words.join(' ') : null;
}

/** The record of everything that must be answerable for later. */
export class AuditService {
	readonly #db: DatabaseHandle;
	#lastAtMs = 0;
	constructor(db: DatabaseHandle) {
		this.#db = db;
	}

	/**
	 * Keeps the record of an act. Whoever acts waits for it, so that what cannot be recorded does not happen.
	 * @param within the transaction the act itself is in, if it is one in the database
	 * @throws if the record cannot be written
	 */
	record(event: AuditEvent, within: DatabaseHandle = this.#db): Promise<void> {
		return this.recordAll([event], within);
	}

	/** The same of several acts. */
	async recordAll(events: readonly AuditEvent[], within: DatabaseHandle): Promise<void> {
		const at = new Date().toISOString();
		const records = events.map(({ who, action, object, result = 'ok' }) => {
			const id = this.#nextId(at);
			return { id, at, ...who, action, object: wordsOf(object), result };
		});
		await insertAuditRecords(within, records);
	}

	/** Ids order as the records of one process came, whatever happens to the clock of the day. */
	#nextId(at: string): string {
		this.#lastAtMs = Math.max(this.#lastAtMs + 1, Date.parse(at));
		return `${new Date(this.#lastAtMs).toISOString()}-${randomBytes(RANDOM_BYTES).toString('hex')}`;
	}

	/** Records, newest first. */
	list(query: AuditQuery): Promise<AuditRecord[]> {
		return listAuditRecords(this.#db, query);
	}
}
