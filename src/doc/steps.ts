/** Work cut into steps of about a millisecond; between two of them its runner may let others have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Structs, ranges or the like that make a step. */
export const PIECES_PER_STEP = 256;

/** Does work to its end without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}
