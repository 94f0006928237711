import { parseArgs } from 'node:util';
import { runSession } from '../support/board-fuzz/run-session.ts';

/** Usage: node tests/fuzz/inspect-long.ts --cases 1000000 --seed N */
const { values } = parseArgs({
	options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } }
});
const HOSTILE_PER_UPDATE = 20;
const REPORT_MS = 30_000;

const total = {
	sessions: 0,
	cases: 0,
	honest: 0,
	tight: 0,
	known: 0,
	clashes: 0,
	hostile: 0,
	hostileAccepted: 0
};
const refused = new Map<string, number>();

function add(tally: ReturnType<typeof runSession>): void {
	total.sessions += 1;
	total.cases += tally.updates + tally.hostile;
	total.honest += tally.updates;
	for (const key of ['tight', 'known', 'clashes', 'hostile', 'hostileAccepted'] as const)
		total[key] += tally[key];
	for (const [code, count] of tally.refused) refused.set(code, (refused.get(code) ?? 0) + count);
}

let reportedAt = Date.now();
let failures = 0;
for (let seed = Number(values.seed); total.cases < Number(values.cases); seed++) {
	try {
		add(runSession(seed, HOSTILE_PER_UPDATE));
	} catch (error) {
		failures += 1;
		total.sessions += 1;
		console.log(error);
		if (failures === 20) break;
	}
	if (Date.now() - reportedAt < REPORT_MS) continue;
	reportedAt = Date.now();
	console.log(
		JSON.stringify({ ...total, refused: Object.fromEntries(refused), failures, nextSeed: seed + 1 })
	);
}
console.log(JSON.stringify({ ...total, refused: Object.fromEntries(refused), failures }, null, '\t'));
process.exitCode = failures === 0 ? 0 : 1;
