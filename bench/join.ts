import * as Y from 'yjs';
import type { StartContender } from './contender.ts';
import { fillBoard } from './large-board.ts';
import { LoadClient, NO_COPY } from './load-client.ts';
import { chosen, ours, oursWithHello, type RunOptions } from './contenders.ts';
import { hocuspocus, yWebsocketLevelDb } from './peers.ts';
import { cpuMs } from './process-figures.ts';
import { inTurn, type Report, table } from './report.ts';
import { pause } from './pause.ts';

const CONTENDERS: StartContender[] = [yWebsocketLevelDb, hocuspocus, ours, oursWithHello];
const SIZES = [
	{ projects: 1_000, edits: 200_000 },
	{ projects: 10_000, edits: 0 }
];
const ROOM = 'large';
/** What is on its way to a disk may take a while with those who store later. */
const STORED_MS = 12_000;
const GIVE_UP_MS = 60_000;
const RETRY_MS = 50;

/** Joins and waits until the whole board is here, which with some servers is long after they say so. */
async function joinWhole(client: LoadClient, expected: number) {
	const doc = new Y.Doc();
	const startedAt = performance.now();
	const early: Uint8Array[] = [];
	client.onFrame = (frame) => early.push(frame);
	await client.join(undefined, NO_COPY);
	const saidMs = performance.now() - startedAt;
	client.onFrame = (frame) => client.applyTo(doc, frame);
	for (const frame of early) client.applyTo(doc, frame);
	const projects = () => doc.getMap('projects').size;
	while (projects() < expected && performance.now() - startedAt < GIVE_UP_MS) {
		await pause(RETRY_MS);
		if (projects() < expected) Y.applyUpdate(doc, await client.ask(Y.encodeStateVector(doc)));
	}
	const isWhole = projects() >= expected;
	return { saidMs, wholeMs: isWhole ? performance.now() - startedAt : Number.POSITIVE_INFINITY };
}

async function measure({ start, size }: { start: StartContender; size: (typeof SIZES)[number] }) {
	let contender = await start();
	try {
		await contender.makeRooms([ROOM]);
		const board = await fillBoard(contender, ROOM, size);
		const { size: expected } = board.getMap('projects');
		await pause(STORED_MS);
		contender = await contender.restart('SIGTERM');
		const cpuBefore = cpuMs(contender.pid);
		const client = new LoadClient(contender, ROOM, 0);
		const cold = await joinWhole(client, expected);
		const cpu = cpuMs(contender.pid) - cpuBefore;
		const second = new LoadClient(contender, ROOM, 1);
		const warm = await joinWhole(second, expected);
		const bytes = second.bytesReceived;
		client.close();
		second.close();
		return { name: contender.name, ...size, cold, cpu, warm, bytes };
	} finally {
		await contender.stop();
	}
}

/** Opening a board after a restart, and once it is open. */
export async function run(options: RunOptions): Promise<Report> {
	const cases = SIZES.flatMap((size) => chosen(CONTENDERS, options).map((start) => ({ start, size })));
	const results = await inTurn(cases, options.rounds, measure);
	const rows = results.map(({ name, projects, edits, cold, cpu, warm, bytes }) => [
		name,
		projects.toLocaleString('en'),
		edits.toLocaleString('en'),
		cold.saidMs.toFixed(0),
		cold.wholeMs.toFixed(0),
		cpu.toFixed(0),
		warm.wholeMs.toFixed(0),
		(bytes / 1e6).toFixed(2)
	]);
	const head = [
		'server',
		'projects',
		'edits',
		'after a restart: says it is all, ms',
		'is all there and applied, ms',
		'server CPU ms',
		'second joiner: there and applied, ms',
		'MB on the wire'
	];
	return { name: 'join', text: table([head, ...rows]), figures: results };
}
