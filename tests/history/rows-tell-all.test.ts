import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { describeUpdate } from '#server/history/derive-changes.ts';
import { session } from './edits.ts';
import { play } from './play.ts';
import { emptyBoard, expectTold, tell } from './told-board.ts';

const RUNS = 100;
let connection: Connection;

beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

test('each change’s “before” is what stood there, and all the changes together are the board', async () => {
	await fc.assert(
		fc.asyncProperty(session, async (steps) => {
			const { journal, id } = await play(connection.db, steps);
			const doc = new Y.Doc();
			const told = emptyBoard();
			for await (const { update } of journal.entries(id)) {
				const { touched } = inspectUpdate(doc, update);
				for (const change of describeUpdate(doc, touched, () => Y.applyUpdate(doc, update)))
					tell(told, change);
				expectTold(told, doc);
			}
			expect(doc.store.pendingStructs).toBeNull();
		}),
		{ numRuns: RUNS }
	);
}, 120_000);
