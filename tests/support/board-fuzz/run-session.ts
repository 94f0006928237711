import { FuzzSession, type Tally } from './session.ts';

const STEPS = 150;

/**
 * Plays the session of a seed to its end.
 * @throws {Error} that names the seed, so that it can be played again
 */
export function runSession(seed: number, hostilePerUpdate: number): Tally {
	const session = new FuzzSession(seed, hostilePerUpdate);
	for (let step = 0; step < STEPS; step++) {
		try {
			session.step();
		} catch (error) {
			const { message } = error as Error;
			throw new Error(`seed ${seed} (${hostilePerUpdate} hostile), step ${step}: ${message}`, {
				cause: error
			});
		}
	}
	return session.tally;
}
