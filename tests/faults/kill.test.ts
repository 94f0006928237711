import { expect, test } from 'vitest';
import { KillRounds } from './kill-rounds.ts';

const KILLS = 10;
/** Long enough for some hundred edits, and never the same moment twice. */
const endAfterMs = (round: number) => 30 + ((round * 7_919) % 400);

test('kill -9 under the hands of five editors: nothing that was shown or acked is lost, and all end with one board', async () => {
	const rounds = await KillRounds.start();
	for (let round = 0; round < KILLS; round++) {
		const report = await rounds.round(endAfterMs(round));
		expect(report).toMatchObject({ lost: [], isSame: true });
		expect(report.witnessed).toBeGreaterThan(0);
	}
	const ended = await rounds.round(endAfterMs(KILLS), 'SIGTERM');
	expect(ended).toMatchObject({ lost: [], isSame: true, exitCode: 0, closeCodes: Array(5).fill(1012) });
	expect(await rounds.finish()).toEqual({ exitCode: 0, isSound: true });
}, 300_000);

test('the same while a snapshot is being taken after every commit', async () => {
	const limits = JSON.stringify({ snapshotEntries: 1, snapshotPauseMs: 0 });
	const rounds = await KillRounds.start({
		program: 'tests/support/limited-server.ts',
		env: { LIMITS: limits }
	});
	for (let round = 0; round < KILLS / 2; round++)
		expect(await rounds.round(endAfterMs(round))).toMatchObject({ lost: [], isSame: true });
	expect(await rounds.finish()).toEqual({ exitCode: 0, isSound: true });
}, 300_000);
