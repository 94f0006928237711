import * as Y from 'yjs';
import { setField } from '../src/doc/mutators.ts';
import { projectId, projectUpdates } from './board-state.ts';
import type { Contender } from './contender.ts';
import { LoadClient } from './load-client.ts';

/** Sent in a row before the server's answer is waited for, so that no limit on a connection's rate is met. */
const EDITS_IN_A_ROW = 400;

/** Asks for the state from where one is: the answer comes after all that was sent before it. */
async function untilTaken(client: LoadClient, doc: Y.Doc): Promise<void> {
	await client.ask(Y.encodeStateVector(doc));
}

/**
 * Fills a board with projects, and with edits of them, over one connection.
 * @returns the board as whoever joins must find it
 */
export async function fillBoard(
	contender: Contender,
	room: string,
	size: { projects: number; edits: number }
): Promise<Y.Doc> {
	const client = new LoadClient(contender, room, 0);
	const state = await client.join();
	const doc = new Y.Doc();
	Y.applyUpdate(doc, state);
	const updates = projectUpdates(state, size.projects);
	for (const [index, update] of updates.entries()) {
		Y.applyUpdate(doc, update);
		client.sendUpdate(update);
		if (index % EDITS_IN_A_ROW === 0) await untilTaken(client, doc);
	}
	doc.on('update', (update: Uint8Array) => client.sendUpdate(update));
	for (let edit = 0; edit < size.edits; edit++) {
		const project = projectId(edit % size.projects);
		setField(doc, { projectId: project, field: 'totalInvestmentYuan', value: edit + 1 });
		if (edit % EDITS_IN_A_ROW === 0) await untilTaken(client, doc);
	}
	await untilTaken(client, doc);
	client.close();
	return doc;
}
