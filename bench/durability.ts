import * as Y from 'yjs';
import { setField } from '../src/doc/mutators.ts';
import { MESSAGE, SYNC } from '../src/protocol/message.ts';
import { projectId } from './board-state.ts';
import type { Contender, StartContender } from './contender.ts';
import { fillBoard } from './large-board.ts';
import { ackedIn, LoadClient, updateIn } from './load-client.ts';
import { chosen, oursWithHello, type RunOptions } from './contenders.ts';
import { hocuspocus, yWebsocketLevelDb, yWebsocketServer } from './peers.ts';
import { inTurn, type Report, table } from './report.ts';
import { pause } from './pause.ts';

const CONTENDERS: StartContender[] = [yWebsocketServer, yWebsocketLevelDb, hocuspocus, oursWithHello];
const KILLS = 10;
const EDITORS = 5;
const EDITS_PER_SECOND = 50;
const SHORTEST_MS = 500;
const LONGEST_MS = 3_000;
const ROOM = 'durability';

/** Amounts in a frame; each edit's amount is its number, so that an edit can be told by it. */
function editsIn(frame: Uint8Array): number[] {
	const sync = updateIn(frame);
	if (!sync || sync.kind === SYNC.step1) return [];
	return Y.decodeUpdate(sync.update).structs.flatMap((struct) =>
		struct instanceof Y.Item && struct.content instanceof Y.ContentAny ? struct.content.arr.map(Number) : []
	);
}

interface Life {
	/** Edits another client was shown. */
	seen: Set<number>;
	/** Edits the server said it has. */
	acked: Set<number>;
}

/** Edits until the server dies, and says what the world had been told by then. */
async function live(
	contender: Contender,
	state: Uint8Array,
	firstEdit: number
): Promise<Life & { last: number }> {
	const life: Life = { seen: new Set(), acked: new Set() };
	let edit = firstEdit;
	const editors = Array.from({ length: EDITORS }, (_, index) => {
		const client = new LoadClient(contender, ROOM, index);
		const sent: number[] = [];
		client.onFrame = (frame) => {
			if (frame[0] === MESSAGE.ack) for (const own of sent.slice(0, ackedIn(frame) - 1)) life.acked.add(own);
			for (const seen of editsIn(frame)) if (seen >= firstEdit && !sent.includes(seen)) life.seen.add(seen);
		};
		const doc = new Y.Doc();
		Y.applyUpdate(doc, state);
		doc.on('update', (update: Uint8Array) => client.sendUpdate(update));
		return { client, doc, sent };
	});
	await Promise.all(editors.map(({ client }) => client.join()));
	const endsAt = performance.now() + SHORTEST_MS + Math.random() * (LONGEST_MS - SHORTEST_MS);
	while (performance.now() < endsAt) {
		const { doc, sent } = editors[edit % EDITORS]!;
		sent.push(edit);
		// each editor has projects of its own, so that no edit replaces another before it can be looked for
		setField(doc, {
			projectId: projectId(edit % doc.getMap('projects').size),
			field: 'totalInvestmentYuan',
			value: edit
		});
		edit += 1;
		await pause(1_000 / EDITS_PER_SECOND);
	}
	return { ...life, last: edit };
}

/** Some servers say that this is all while they are still reading it; what has not come by then is not there. */
const READING_MS = 4_000;

/** Whether the server still has an edit; nobody sets an amount twice in one life, so that none is replaced. */
async function editsKept(contender: Contender): Promise<(edit: number) => boolean> {
	const client = new LoadClient(contender, ROOM, 0);
	const doc = new Y.Doc();
	client.onFrame = (frame) => client.applyTo(doc, frame);
	await client.join();
	await pause(READING_MS);
	Y.applyUpdate(doc, await client.ask(Y.encodeStateVector(doc)));
	client.close();
	const amounts = new Set<number>();
	for (const project of (doc.getMap('projects') as Y.Map<Y.Map<unknown>>).values())
		amounts.add(Number(project.get('totalInvestmentYuan')));
	return (edit) => amounts.has(edit);
}

async function measure(start: StartContender) {
	let contender = await start();
	const lost = { seen: 0, acked: 0, edits: 0 };
	try {
		await contender.makeRooms([ROOM]);
		let next = 1_000_000_000;
		for (let kill = 0; kill < KILLS; kill++) {
			const board = await fillBoard(contender, ROOM, { projects: 400, edits: 0 });
			const life = await live(contender, Y.encodeStateAsUpdate(board), next);
			contender = await contender.restart('SIGKILL');
			const isKept = await editsKept(contender);
			lost.seen += [...life.seen].filter((edit) => !isKept(edit)).length;
			lost.acked += [...life.acked].filter((edit) => !isKept(edit)).length;
			lost.edits += life.last - next;
			next = life.last;
		}
		return { name: contender.name, ...lost };
	} finally {
		await contender.stop();
	}
}

/** kill -9 while five people edit: what others had seen, or had been told is saved, and is gone. */
export async function run(options: RunOptions): Promise<Report> {
	const results = await inTurn(chosen(CONTENDERS, options), options.rounds, measure);
	const rows = results.map(({ name, edits, seen, acked }) => [
		name,
		String(KILLS),
		String(edits),
		String(seen),
		String(acked)
	]);
	const head = ['server', 'kills', 'edits', 'seen by others and lost', 'acknowledged and lost'];
	return { name: 'durability', text: table([head, ...rows]), figures: results };
}
