import type { CloseReason } from '#protocol/close-code.ts';

const SIGNED_OUT = 401;

/** Why the server would not let this person onto a board; undefined if it would, or does not answer. */
export async function probeAccess(boardId: string): Promise<CloseReason | undefined> {
	try {
		const response = await fetch('/api/boards', { cache: 'no-store' });
		if (response.status === SIGNED_OUT) return 'signed-out';
		if (!response.ok) return undefined;
		const { boards } = (await response.json()) as { boards: { id: string }[] };
		return boards.some(({ id }) => id === boardId) ? undefined : 'no-access';
	} catch {
		return undefined; // no network: that is what the waiting is for
	}
}
