import type { Kysely } from 'kysely';
import * as Y from 'yjs';
import { freshCopy, hasSameContent } from '#doc/fresh-copy.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Database } from '#server/database/database.ts';
import { beginningAfter } from './beginning.ts';
import type { PendingEntry } from './entry.ts';
import { Journal } from './journal.ts';
import { lockBoards } from './journal.repository.ts';
import { packState } from './packed-state.ts';

/** When the traces of what was changed and removed are worth a new epoch. */
export interface CompactionRule {
	/** The document is larger than this. */
	bytes: number;
	/** And so many times larger than one with the same content that was never changed. */
	times: number;
	/** Or more Yjs clients than this have written in it. */
	clients: number;
}

/** Sizes of a board's document with and without its traces; `seq` of the entry that dropped them, null if none did. */
export interface Compaction {
	bytesBefore: number;
	bytesAfter: number;
	seq: number | null;
}

interface Circumstances {
	/** Absent = whatever there is to gain. */
	rule?: CompactionRule;
	alongside: NonNullable<PendingEntry['alongside']>;
}

/** Tries beside people who write before they are made to wait for one. */
const TRIES = 3;
const CLIENT_IDS = 2 ** 32;

/**
 * Begins a new epoch of a board with a document of equal content that has no past. It takes as long as opening the board
 * twice, so that it never runs where people wait.
 * @throws {Refusal} `not-found`, `forbidden` for an archived board, `conflict` if somebody wrote meanwhile
 */
export async function compactOnce(
	journal: Journal,
	boardId: string,
	{ rule, alongside }: Circumstances
): Promise<Compaction> {
	const { doc, head } = await journal.load(boardId);
	const bytesBefore = Y.encodeStateAsUpdate(doc).byteLength;
	const isCrowded = rule !== undefined && doc.store.clients.size > rule.clients;
	if (rule && !isCrowded && bytesBefore <= rule.bytes)
		return { bytesBefore, bytesAfter: bytesBefore, seq: null };
	const clientId = freeClientId(await journal.clientOwners(boardId));
	const fresh = checkedCopy(boardId, doc, clientId);
	const update = Y.encodeStateAsUpdate(fresh);
	const sizes = { bytesBefore, bytesAfter: update.byteLength };
	if (rule && !isCrowded && bytesBefore <= rule.times * update.byteLength) return { ...sizes, seq: null };
	const at = new Date().toISOString();
	const entry = beginningAfter(head, { boardId, state: update, at });
	const { seq, epoch } = entry;
	await journal.begin(entry, { clientId, alongside });
	await journal.saveSnapshot(boardId, { seq, epoch, state: await packState(fresh), at });
	return { ...sizes, seq };
}

/** As `compactOnce`, on a board where people may be writing: if need be they wait, for as long as it takes. */
export async function compact(
	db: Kysely<Database>,
	boardId: string,
	circumstances: Circumstances
): Promise<Compaction> {
	for (let tries = 0; tries < TRIES; tries++) {
		try {
			return await compactOnce(new Journal(db), boardId, circumstances);
		} catch (error) {
			if (!(error instanceof Refusal && error.code === 'conflict')) throw error;
		}
	}
	return db.transaction().execute(async (trx) => {
		await lockBoards(trx, [boardId]);
		return compactOnce(new Journal(trx), boardId, circumstances);
	});
}

/** @throws if the copy is not the same board when it is read again: then there must not be a new epoch */
function checkedCopy(boardId: string, doc: Y.Doc, clientId: number): Y.Doc {
	const read = new Y.Doc();
	Y.applyUpdate(read, Y.encodeStateAsUpdate(freshCopy(doc, clientId)));
	if (!hasSameContent(doc, read)) throw new Error(`a fresh copy of ${boardId} would not be the same board`);
	doc.destroy();
	return read;
}

/** A Yjs client that never wrote on the board. */
function freeClientId(taken: ReadonlyMap<number, string>): number {
	for (;;) {
		const clientId = Math.floor(Math.random() * CLIENT_IDS);
		if (!taken.has(clientId)) return clientId;
	}
}
