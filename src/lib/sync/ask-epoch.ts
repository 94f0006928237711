/** What became of an epoch of a board. */
export interface EpochFate {
	/** Where the board is now. */
	epoch: number;
	seq: number;
	/** Whether all that was ever committed in that epoch is in the board's past. */
	isWhole: boolean;
}

/** Asks the server; undefined where it does not answer. */
export async function askEpoch({
	boardId,
	epoch
}: {
	boardId: string;
	epoch: number;
}): Promise<EpochFate | undefined> {
	try {
		const response = await fetch(`/api/boards/${encodeURIComponent(boardId)}/epochs/${epoch}`, {
			cache: 'no-store'
		});
		return response.ok ? ((await response.json()) as EpochFate) : undefined;
	} catch {
		return undefined;
	}
}

const AGAIN_FIRST_MS = 500;
const AGAIN_MAX_MS = 10_000;

/** Asks until there is an answer, ever more slowly, or until it is not wanted any more. */
export async function untilAnswered<T>(
	ask: () => Promise<T | undefined>,
	isWanted: () => boolean
): Promise<T | undefined> {
	for (let waitMs = AGAIN_FIRST_MS; isWanted(); waitMs = Math.min(2 * waitMs, AGAIN_MAX_MS)) {
		const answer = await ask();
		if (answer !== undefined) return answer;
		await new Promise((resolve) => setTimeout(resolve, waitMs));
	}
	return undefined;
}
