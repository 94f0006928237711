import { parseArgs } from 'node:util';
import { startPostgres } from '../support/postgres.ts';
import { KillRounds } from './kill-rounds.ts';

// node tests/faults/kill-many.ts --kills 1000 [--within-ms 3000] [--postgres]: the test's kills, as many as one has time for

const { values } = parseArgs({
	options: {
		kills: { type: 'string', default: '1000' },
		'within-ms': { type: 'string', default: '3000' },
		postgres: { type: 'boolean', default: false }
	}
});
const kills = Number(values.kills);
const withinMs = Number(values['within-ms']);
const total = { edits: 0, witnessed: 0, lost: 0, differing: 0 };
const postgres = values.postgres ? await startPostgres() : undefined;
const rounds = await KillRounds.start({}, await postgres?.createDatabase());
for (let round = 1; round <= kills; round++) {
	const endAfterMs = Math.round(Math.random() * withinMs);
	const report = await rounds.round(endAfterMs);
	total.edits += report.edits;
	total.witnessed += report.witnessed;
	total.lost += report.lost.length;
	total.differing += report.isSame ? 0 : 1;
	if (report.lost.length > 0 || !report.isSame) console.log(`kill ${round} after ${endAfterMs} ms:`, report);
	if (round % 10 === 0 || round === kills) console.log(`${round} kills: ${JSON.stringify(total)}`);
}
const { exitCode, isSound } = await rounds.finish();
console.log(
	`the server ended with ${exitCode}; its journal is ${isSound ? 'sound' : 'NOT what was written'}`
);
await postgres?.stop();
process.exitCode = total.lost + total.differing > 0 || !isSound ? 1 : 0;
