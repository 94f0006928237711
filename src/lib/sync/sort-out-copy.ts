import type * as Y from 'yjs';
import {
	type BoardDifference,
	type BoardCopy,
	differenceKey,
	differencesOf,
	rebase,
	targetOf
} from '#domain/board-differences.ts';
import { readWithNotes } from '#doc/board-copy.ts';
import { restore } from '#doc/restore.ts';
import type { LeftBehind } from './left-behind.ts';
import type { Intent } from './pending-edits.ts';
import type { OpenList, RecoveryReason } from './recovery-notes.ts';

/** What of a copy is done again by itself, and what is listed for its owner. */
interface SortedOut {
	again: BoardDifference[];
	listed: OpenList;
}

const listed = (differences: readonly BoardDifference[], reason: RecoveryReason): OpenList =>
	new Map(differences.map((difference) => [differenceKey(difference), reason]));

/**
 * Compares a copy of an older epoch with the board as it is.
 * @param isWhole the board has all that the server had vouched for
 */
export function sortOut(
	host: Y.Doc,
	copy: BoardCopy,
	{ base, pending, isWhole }: Pick<LeftBehind, 'base' | 'pending'> & { isWhole: boolean }
): SortedOut {
	const board = readWithNotes(host);
	if (!isWhole) return { again: [], listed: listed(differencesOf(board, copy), 'lost') };
	if (pending === 0) return { again: [], listed: new Map() };
	if (!base) return { again: [], listed: listed(differencesOf(board, copy), 'changed') };
	const { again, clashing } = rebase(board, copy, base);
	return { again, listed: listed(clashing, 'changed') };
}

/** Edits that bring differences in: one for each project, so that each can be undone by itself. */
export function intentsFor(past: Y.Doc, differences: readonly BoardDifference[]): Intent[] {
	const groups = Map.groupBy(differences, (difference) =>
		'projectId' in difference ? difference.projectId : differenceKey(difference)
	);
	return [...groups.values()].map(
		(group): Intent =>
			(doc, origin) =>
				doc.transact(() => group.forEach((difference) => restore(doc, past, targetOf(difference))), origin)
	);
}
