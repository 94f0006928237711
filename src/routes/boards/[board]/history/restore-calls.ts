import type { Stage } from '#domain/board.ts';
import type { BoardComparison } from '#domain/compare-boards.ts';
import { parametersOf, type RestoreAsked } from './restoring.svelte.ts';

/** What restoring would change, as the API tells it. */
export interface RestorePreview {
	seq: number;
	comparison: BoardComparison;
	/** The stage it stood in then, where that has gone, and the id of the one it comes into. */
	lostStage: { stage: Stage; instead: string } | null;
}
/** What has been done: number of its last entry, and of the entry before its first. */
export interface Restored {
	seq: number;
	before: number;
}

/** Why something is not put back. */
export class RestoreRefused extends Error {
	override name = 'RestoreRefused';
	readonly reason: 'nothing' | 'never' | 'forbidden' | 'failed';
	constructor(status: number) {
		super(`restoring was answered with ${status}`);
		this.reason =
			status === 409 ? 'nothing' : status === 404 ? 'never' : status === 403 ? 'forbidden' : 'failed';
	}
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
	const response = await fetch(path, init).catch(() => undefined);
	if (!response?.ok) throw new RestoreRefused(response?.status ?? 0);
	return (await response.json()) as T;
}

const pathOf = (boardId: string) => `/api/boards/${boardId}/restore`;

/** What restoring would change. @throws {RestoreRefused} */
export function previewRestore(boardId: string, asked: RestoreAsked): Promise<RestorePreview> {
	return call(`${pathOf(boardId)}?${new URLSearchParams(parametersOf(asked)).toString()}`);
}

/** Puts it back. @throws {RestoreRefused} */
export function restore(boardId: string, asked: RestoreAsked): Promise<Restored> {
	const body = JSON.stringify(parametersOf(asked));
	return call(pathOf(boardId), { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}
