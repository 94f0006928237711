import type { StartContender } from './contender.ts';
import { fillBoard } from './large-board.ts';
import { LoadClient } from './load-client.ts';
import { chosen, ours, type RunOptions } from './contenders.ts';
import { floor, hocuspocus, yWebsocketLevelDb, yWebsocketServer } from './peers.ts';
import { rssBytes } from './process-figures.ts';
import { inTurn, type Report, table } from './report.ts';
import { pause } from './pause.ts';

const CONTENDERS: StartContender[] = [floor, yWebsocketServer, yWebsocketLevelDb, hocuspocus, ours];
const BOARDS = 10;
const BOARD = { projects: 1_000, edits: 0 };
const CONNECTIONS = 400;
/** Clients are people's by their number, and nobody may have more than fifty: these are not the readers'. */
const OTHERS_FROM = 50;
/** Long enough for memory that is no longer used to be given back. */
const QUIET_MS = 45_000;
const SETTLE_MS = 3_000;

async function measure(start: StartContender) {
	let contender = await start();
	const rooms = Array.from({ length: BOARDS }, (_, index) => `memory-${index}`);
	try {
		await contender.makeRooms(rooms);
		for (const room of rooms) await fillBoard(contender, room, BOARD);
		await pause(SETTLE_MS);
		contender = await contender.restart('SIGTERM');
		const atStart = rssBytes(contender.pid);
		const readers = rooms.map((room, index) => new LoadClient(contender, room, index));
		await Promise.all(readers.map((reader) => reader.join()));
		await pause(SETTLE_MS);
		const withBoards = rssBytes(contender.pid);
		const idle = Array.from(
			{ length: CONNECTIONS },
			(_, index) => new LoadClient(contender, rooms[0]!, OTHERS_FROM + index)
		);
		await Promise.all(idle.map((client) => client.open()));
		await pause(SETTLE_MS);
		const withConnections = rssBytes(contender.pid);
		for (const client of [...readers, ...idle]) client.close();
		await pause(QUIET_MS);
		const afterwards = rssBytes(contender.pid);
		return { name: contender.name, atStart, withBoards, withConnections, afterwards };
	} finally {
		await contender.stop();
	}
}

const MB = 1e6;
const KB = 1e3;

/** What open boards and idle connections cost, and what is left of it when all have gone. */
export async function run(options: RunOptions): Promise<Report> {
	const results = await inTurn(chosen(CONTENDERS, options), options.rounds, measure);
	const rows = results.map(({ name, atStart, withBoards, withConnections, afterwards }) => [
		name,
		(atStart / MB).toFixed(0),
		((withBoards - atStart) / BOARDS / MB).toFixed(1),
		((withConnections - withBoards) / CONNECTIONS / KB).toFixed(1),
		(afterwards / MB).toFixed(0)
	]);
	const head = [
		'server',
		'MB at start',
		'MB an open board of 1,000',
		'KB an idle connection',
		'MB after all left'
	];
	return { name: 'memory', text: table([head, ...rows]), figures: results };
}
