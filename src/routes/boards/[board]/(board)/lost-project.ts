import { intentAgain, PROJECT_REMOVED } from '#lib/sync/lost-edits.ts';
import type { LiveBoard } from '#lib/sync/live-board.svelte.ts';

/** Who took a project off the board, when, and with which entry. */
export interface Removal {
	seq: number;
	at: string;
	actor: { name: string; org: string; orgEn: string };
}

/** The last removal of a project. */
export async function findRemoval(boardId: string, projectId: string): Promise<Removal | undefined> {
	const query = new URLSearchParams({ project: projectId, kind: PROJECT_REMOVED, limit: '1' });
	const response = await fetch(`/api/boards/${boardId}/changes?${query.toString()}`);
	if (!response.ok) return undefined;
	return ((await response.json()) as { changes: Removal[] }).changes[0];
}

/**
 * Puts a removed project back as it was, and does again what was edited in it meanwhile.
 * @returns false if it could not be put back; the edits stay in the tray
 */
export async function restoreWithEdits(live: LiveBoard, projectId: string): Promise<boolean> {
	if (!isOnBoard(live, projectId) && !(await putBack(live, projectId))) return false;
	const own = live.refused.list.filter(({ path }) => path[1] === projectId);
	for (const edit of own) {
		const again = intentAgain(edit);
		if (!again) continue;
		live.edit(again);
		live.refused.remove(edit.id);
	}
	return true;
}

const isOnBoard = ({ board }: LiveBoard, projectId: string) =>
	board.projects.some(({ id }) => id === projectId);

async function putBack(live: LiveBoard, projectId: string): Promise<boolean> {
	const removal = await findRemoval(live.boardId, projectId);
	if (!removal) return false;
	const isBack = whenBack(live, projectId);
	const response = await fetch(`/api/boards/${live.boardId}/restore`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ at: String(removal.seq - 1), projectId })
	});
	// somebody else may have been quicker
	if (!response.ok && response.status !== 409) return false;
	if (!isOnBoard(live, projectId)) await isBack;
	return true;
}

/** Resolves when the project stands on the live board again: its row comes behind the edit itself. */
function whenBack(live: LiveBoard, projectId: string): Promise<void> {
	return new Promise((resolve) => {
		const stop = live.onChanges((changes) => {
			if (!changes.some((change) => change.projectId === projectId) || !isOnBoard(live, projectId)) return;
			stop();
			resolve();
		});
	});
}
