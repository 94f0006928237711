import * as Y from 'yjs';
import { KeptUpdates } from './kept-updates.ts';
import { nameOf } from './local-copy.ts';

/**
 * Stands where copies have their epoch, for one that is ahead of a journal whose end is gone, as when a database file
 * was put back by hand: the board goes on in the same epoch without it. No board is ever at this epoch.
 */
export const CUT_OFF = 0;

/** Whose copies of which board. */
export interface CopiesOf {
	userId: string;
	boardId: string;
}

/** Epochs of which this browser keeps a copy; none where it cannot say. */
export async function listKeptEpochs({ userId, boardId }: CopiesOf): Promise<number[]> {
	const prefix = nameOf({ userId, boardId, epoch: '' });
	try {
		const names = (await indexedDB.databases()).map(({ name = '' }) => name);
		const kept = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
		return kept.filter((epoch) => /^\d+$/.test(epoch)).map(Number);
	} catch {
		return [];
	}
}

/**
 * The document of a kept copy.
 * @param doc what this tab holds of it: it is added to what is kept
 */
export async function openKept(of: CopiesOf & { epoch: number }, doc = new Y.Doc()): Promise<Y.Doc> {
	const held = Y.encodeStateAsUpdate(doc);
	const kept = new KeptUpdates(doc);
	// where nothing is kept the document is all there is
	await kept.load(nameOf(of), 'kept').catch(() => undefined);
	kept.keep(held);
	kept.close();
	return doc;
}

/**
 * Keeps a document as the copy of an epoch, with what is kept there already.
 * @returns false where this browser keeps nothing
 */
export async function setAside(of: CopiesOf & { epoch: number }, doc: Y.Doc): Promise<boolean> {
	const kept = new KeptUpdates(new Y.Doc());
	try {
		await kept.load(nameOf(of), 'kept');
		kept.keep(Y.encodeStateAsUpdate(doc));
		await kept.whenKept();
		return true;
	} catch {
		return false;
	} finally {
		kept.close();
	}
}

/** Deletes a kept copy, once no other tab has it open any more. */
export function dropKept(of: CopiesOf & { epoch: number }): void {
	const name = nameOf(of);
	for (const key of Object.keys(localStorage)) if (key.startsWith(`${name}/`)) localStorage.removeItem(key);
	try {
		indexedDB.deleteDatabase(name);
	} catch {
		// where nothing is kept there is nothing to delete
	}
}
