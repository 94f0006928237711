/** Notes one person writes without a longer pause are one row. */
const SITTING_MS = 5 * 60_000;
/** Two who write the same notes at once take turns by the key; only a pause like this ends one's turn. */
const TURN_MS = 20_000;

/**
 * Whether notes written at `at` belong to the row the same person's notes made before.
 * @param ownAt when that person last wrote there; undefined = never
 * @param othersAt when anybody else last wrote there
 */
export function continuesSitting(
	at: string,
	ownAt: string | undefined,
	othersAt: string | undefined
): boolean {
	if (ownAt === undefined) return false;
	const pauseMs = Date.parse(at) - Date.parse(ownAt);
	const isDisturbed = othersAt !== undefined && othersAt > ownAt;
	return pauseMs <= (isDisturbed ? TURN_MS : SITTING_MS);
}

/**
 * When a sitting that goes on was written in again: always later than it was, also within a millisecond and where the clock
 * was set back, so that whoever holds two versions of its row can tell the newer one.
 * @param before when it was last written in
 */
export function writtenAgain(before: string, at: string): string {
	return at > before ? at : new Date(Date.parse(before) + 1).toISOString();
}
