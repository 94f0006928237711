import * as Y from 'yjs';
import type { StartContender } from './contender.ts';
import { EVERYBODY } from './contenders.ts';
import { fillBoard } from './large-board.ts';
import { LoadClient } from './load-client.ts';
import { cpuMs } from './process-figures.ts';
import { inTurn, type Report, table } from './report.ts';

const CLIENTS = 500;
const BOARD = { projects: 1_000, edits: 20_000 };
const ROOM = 'storm';

/** All come back at once; `stateVector` is what each of them still has, `expectedBytes` the least that it then lacks. */
async function comeBack(
	contender: Awaited<ReturnType<StartContender>>,
	stateVector: Uint8Array | undefined,
	expectedBytes: number
) {
	const cpuBefore = cpuMs(contender.pid);
	const startedAt = performance.now();
	const clients = Array.from({ length: CLIENTS }, (_, index) => new LoadClient(contender, ROOM, index));
	const joined = await Promise.allSettled(clients.map((client) => client.join(stateVector)));
	const isWhole = (result: PromiseSettledResult<Uint8Array>) =>
		result.status === 'fulfilled' && result.value.byteLength >= expectedBytes;
	const figures = {
		seconds: (performance.now() - startedAt) / 1_000,
		missing: joined.filter((result) => !isWhole(result)).length,
		cpuMs: cpuMs(contender.pid) - cpuBefore
	};
	for (const client of clients) client.close();
	return figures;
}

async function measure(start: StartContender) {
	const contender = await start();
	try {
		await contender.makeRooms([ROOM]);
		const board = await fillBoard(contender, ROOM, BOARD);
		const upToDate = await comeBack(contender, Y.encodeStateVector(board), 0);
		const empty = await comeBack(contender, undefined, Y.encodeStateAsUpdate(board).byteLength / 2);
		return { name: contender.name, upToDate, empty };
	} finally {
		await contender.stop();
	}
}

/** 500 people whose line comes back in the same second. */
export async function run({ rounds }: { rounds: number }): Promise<Report> {
	const results = await inTurn(EVERYBODY, rounds, measure);
	const cells = ({ seconds, missing, cpuMs: cpu }: (typeof results)[number]['empty']) => [
		`${seconds.toFixed(2)}${missing > 0 ? ` (${missing} not)` : ''}`,
		(cpu / 1_000).toFixed(2)
	];
	const rows = results.map(({ name, upToDate, empty }) => [name, ...cells(upToDate), ...cells(empty)]);
	const head = ['server', 'up to date: all synced, s', 'CPU s', 'with nothing: all synced, s', 'CPU s'];
	return { name: 'storm', text: table([head, ...rows]), figures: results };
}
