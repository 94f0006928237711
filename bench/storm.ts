import * as Y from 'yjs';
import type { Contender, Copy, StartContender } from './contender.ts';
import { chosen, EVERYBODY, type RunOptions } from './contenders.ts';
import { fillBoard } from './large-board.ts';
import { LoadClient, NO_COPY } from './load-client.ts';
import { pause } from './pause.ts';
import { cpuMs } from './process-figures.ts';
import { inTurn, type Report, table } from './report.ts';

const CLIENTS = 500;
const BOARD = { projects: 1_000, edits: 20_000 };
const ROOM = 'storm';
/** Until the server has noticed that somebody left. */
const LEFT_MS = 1_500;

/** What each of those who come back has, and the least that comes over the wire to one who has nothing. */
interface Has {
	stateVector: Uint8Array | undefined;
	copy: Copy;
	expectedBytes: number;
}

/** All come back at once. */
async function comeBack(contender: Contender, { stateVector, copy, expectedBytes }: Has) {
	const cpuBefore = cpuMs(contender.pid);
	const startedAt = performance.now();
	const clients = Array.from({ length: CLIENTS }, (_, index) => new LoadClient(contender, ROOM, index));
	const joined = await Promise.allSettled(clients.map((client) => client.join(stateVector, copy)));
	const isWhole = (result: PromiseSettledResult<Uint8Array>, index: number) =>
		result.status === 'fulfilled' && clients[index]!.bytesReceived >= expectedBytes;
	const figures = {
		seconds: (performance.now() - startedAt) / 1_000,
		missing: joined.filter((result, index) => !isWhole(result, index)).length,
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
		const first = new LoadClient(contender, ROOM, 0);
		await first.join(undefined, NO_COPY);
		const { copy, bytesReceived } = first;
		first.close();
		await pause(LEFT_MS); // nobody may have one connection more
		const stateVector = Y.encodeStateVector(board);
		const upToDate = await comeBack(contender, { stateVector, copy, expectedBytes: 0 });
		await pause(LEFT_MS);
		const empty = await comeBack(contender, {
			stateVector: undefined,
			copy: NO_COPY,
			expectedBytes: bytesReceived / 2
		});
		return { name: contender.name, upToDate, empty };
	} finally {
		await contender.stop();
	}
}

/** 500 people whose line comes back in the same second. */
export async function run(options: RunOptions): Promise<Report> {
	const results = await inTurn(chosen(EVERYBODY, options), options.rounds, measure);
	const cells = ({ seconds, missing, cpuMs: cpu }: (typeof results)[number]['empty']) => [
		`${seconds.toFixed(2)}${missing > 0 ? ` (${missing} not)` : ''}`,
		(cpu / 1_000).toFixed(2)
	];
	const rows = results.map(({ name, upToDate, empty }) => [name, ...cells(upToDate), ...cells(empty)]);
	const head = ['server', 'up to date: all synced, s', 'CPU s', 'with nothing: all synced, s', 'CPU s'];
	return { name: 'storm', text: table([head, ...rows]), figures: results };
}
