import type * as Y from 'yjs';
import type { EditBase } from '#domain/board-differences.ts';
import { type CopyOf, readEarlierBase, readEarlierPending } from './local-copy.ts';

/** What is known of a copy whose epoch has ended. */
export interface LeftBehind {
	/** The document where this tab had it; else it is the kept one. */
	doc?: Y.Doc;
	/** Edits the server had not vouched for. */
	pending: number;
	/** What these were made to; undefined where that was not kept. */
	base: EditBase | undefined;
}

/** What earlier visits left. */
export function readLeftBehind(of: CopyOf): LeftBehind {
	return { pending: readEarlierPending(of), base: readEarlierBase(of) };
}
