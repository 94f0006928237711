import { expect, test } from 'vitest';
import { KillRounds } from './kill-rounds.ts';

const KILLS = 10;
/** Long enough for some hundred edits, and never the same moment twice. */
const killAfterMs = (round: number) => 30 + ((round * 7_919) % 400);

test('kill -9 under the hands of five editors: nothing that was shown or acked is lost, and all end with one board', async () => {
	const rounds = await KillRounds.start();
	for (let round = 0; round < KILLS; round++) {
		const report = await rounds.round(killAfterMs(round));
		expect(report).toMatchObject({ lost: [], isSame: true });
		expect(report.witnessed).toBeGreaterThan(0);
	}
	expect(await rounds.finish()).toEqual({ exitCode: 0, isSound: true });
}, 300_000);
