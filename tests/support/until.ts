import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 5;
/** Far more than anything takes on a busy machine; only a failing test ever waits so long. */
const PATIENCE_MS = 20_000;

/** Waits until something is so. @throws saying what never came */
export async function until(what: string, isSo: () => unknown, patienceMs = PATIENCE_MS): Promise<void> {
	const deadline = performance.now() + patienceMs;
	while (!(await isSo())) {
		if (performance.now() > deadline) throw new Error(`${what}: not within ${patienceMs} ms`);
		await delay(POLL_MS);
	}
}
