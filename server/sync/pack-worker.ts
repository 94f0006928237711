import { parentPort } from 'node:worker_threads';
import * as Y from 'yjs';
import { packState, unpackState } from '#server/journal/packed-state.ts';
import type { PackingOrder } from './state-packer.ts';

// A thread of its own for packing states: a large board takes longer than anybody else should wait.

parentPort!.on('message', async ({ state, updates }: PackingOrder) => {
	const doc = new Y.Doc();
	if (state) Y.applyUpdate(doc, unpackState(state));
	doc.transact(() => updates.forEach((update) => Y.applyUpdate(doc, update)));
	parentPort!.postMessage(await packState(doc));
});
