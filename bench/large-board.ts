import * as Y from 'yjs';
import { setField } from '../src/doc/mutators.ts';
import { projectId, projectUpdates } from './board-state.ts';
import type { Contender } from './contender.ts';
import { LoadClient } from './load-client.ts';

/** New projects that go in one message. */
const PROJECTS_A_MESSAGE = 200;
/** People who edit, so that none of them meets the limit on a connection's rate. */
const EDITORS = 20;
/** Edits of one person before the server's answer is waited for, so that nothing piles up on the way. */
const EDITS_IN_A_ROW = 200;

/** Asks for the state from where one is: the answer comes after all that was sent before it. */
async function untilTaken(client: LoadClient, doc: Y.Doc): Promise<void> {
	await client.ask(Y.encodeStateVector(doc));
}

async function addProjects(client: LoadClient, doc: Y.Doc, count: number): Promise<void> {
	const updates = projectUpdates(Y.encodeStateAsUpdate(doc), count);
	for (let start = 0; start < updates.length; start += PROJECTS_A_MESSAGE) {
		const update = Y.mergeUpdates(updates.slice(start, start + PROJECTS_A_MESSAGE));
		Y.applyUpdate(doc, update);
		client.sendUpdate(update);
		await untilTaken(client, doc);
	}
}

/** One person sets amounts, one message each. @param board kept up to date by somebody who listens */
async function edit(client: LoadClient, board: Y.Doc, edits: Iterable<number>): Promise<void> {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Y.encodeStateAsUpdate(board));
	const { size } = doc.getMap('projects');
	doc.on('update', (update: Uint8Array) => client.sendUpdate(update));
	let sent = 0;
	for (const number of edits) {
		setField(doc, { projectId: projectId(number % size), field: 'totalInvestmentYuan', value: number + 1 });
		if (++sent % EDITS_IN_A_ROW === 0) await untilTaken(client, board);
	}
	await untilTaken(client, board);
}

function* everyNth(first: number, count: number): Generator<number> {
	for (let number = first; number < count; number += EDITORS) yield number;
}

/**
 * Fills a board with projects, and with edits of them, each a message of its own from one of twenty people.
 * @returns the board as whoever joins must find it
 */
export async function fillBoard(
	contender: Contender,
	room: string,
	size: { projects: number; edits: number }
): Promise<Y.Doc> {
	const client = new LoadClient(contender, room, 0);
	const doc = new Y.Doc();
	Y.applyUpdate(doc, await client.join());
	await addProjects(client, doc, size.projects);
	const editors = Array.from(
		{ length: size.edits > 0 ? EDITORS : 0 },
		() => new LoadClient(contender, room, 0)
	);
	await Promise.all(editors.map((editor) => editor.join()));
	client.onFrame = (frame) => client.applyTo(doc, frame);
	await Promise.all(editors.map((editor, index) => edit(editor, doc, everyNth(index, size.edits))));
	Y.applyUpdate(doc, await client.ask(Y.encodeStateVector(doc)));
	for (const each of [client, ...editors]) each.close();
	return doc;
}
