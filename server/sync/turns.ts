import { setImmediate as nextLoop } from 'node:timers/promises';
import type { Steps } from '#doc/steps.ts';

/** How long a piece of work may keep everybody else waiting. */
const TURN_MS = 6;

/** Lets one through in each round of the event loop, in the order of asking. */
class Turnstile {
	#last: Promise<void> = Promise.resolve();

	pass(): Promise<void> {
		return (this.#last = this.#last.then(() => nextLoop()));
	}
}

/** For all long work of this process, so that two pieces of it take no more of anybody's time than one. */
const turnstile = new Turnstile();

/** Resolves when everybody else has had a turn. */
export function nextTurn(): Promise<void> {
	return turnstile.pass();
}

/** Says of a turn that began when this was called whether it has lasted long enough. */
export function beginTurn(): () => boolean {
	const end = performance.now() + TURN_MS;
	return () => performance.now() > end;
}

/** Does work to its end: at once where it is short, else with everybody's turns in between. */
export function inTurns<T>(steps: Steps<T>): T | Promise<T> {
	const step = takeTurn(steps);
	return step.done ? step.value : goOn(steps);
}

async function goOn<T>(steps: Steps<T>): Promise<T> {
	for (;;) {
		await nextTurn();
		const step = takeTurn(steps);
		if (step.done) return step.value;
	}
}

function takeTurn<T>(steps: Steps<T>): IteratorResult<undefined, T> {
	let step = steps.next();
	if (step.done) return step; // most work is: without looking at the clock
	const isOver = beginTurn();
	while (!step.done && !isOver()) step = steps.next();
	return step;
}
