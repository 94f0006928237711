import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { readBoard } from '#doc/read-board.ts';
import { moveProject, removeProject, setField } from '#doc/mutators.ts';
import { readConfig } from '#server/config.ts';
import { SYSTEM } from '#server/audit/who.ts';
import { createServices, type Services } from '#server/app.ts';
import { isBeginning } from '#server/journal/beginning.ts';
import { compact, compactOnce } from '#server/journal/compact.ts';
import { hashOf } from '#server/journal/entry.ts';
import { RETIRED } from '#server/journal/journal.repository.ts';
import { Journal } from '#server/journal/journal.ts';
import { PastBoards } from '#server/history/past-boards.ts';
import { describeUpdate } from '#server/history/derive-changes.ts';
import { recordChanges } from '#server/history/recorded-change.ts';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import type { JournalDatabase } from './journal-contract.ts';

const nothing = { alongside: () => Promise.resolve() };

/** What the journal promises where an epoch begins with a fresh document, on whatever database it is. */
export function describeBeginning(name: string, open: () => Promise<JournalDatabase>): void {
	describe(`an epoch that begins afresh on ${name}`, () => {
		let database: JournalDatabase;
		let services: Services;
		let journal: Journal;
		let serial = 0;

		beforeAll(async () => {
			database = await open();
			const config = readConfig({ AUTH_SECRET: 'x'.repeat(32), LOG_LEVEL: 'silent' });
			services = await createServices(config, database.one);
			journal = services.journal;
		});
		afterAll(() => database.close());

		async function makeBoard(): Promise<string> {
			const id = `fresh-${serial++}`;
			const projects = services.portfolio.projects.slice(0, 3);
			await services.boards.create({ id, title: '板', template: 'stages' }, SYSTEM, { projects });
			return id;
		}

		/** Commits edits as a room does, each as an entry of its own. */
		async function edit(boardId: string, ...edits: ((doc: Y.Doc) => void)[]): Promise<void> {
			for (const change of edits) {
				const { doc, head } = await journal.load(boardId);
				const copy = new Y.Doc();
				Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
				const updates: Uint8Array[] = [];
				copy.on('update', (update: Uint8Array) => updates.push(update));
				copy.transact(() => change(copy));
				const update = updates[0]!;
				const { touched, writers } = inspectUpdate(doc, update);
				const stamp = { seq: head.seq + 1, at: new Date().toISOString(), actorId: 'mei' };
				const changes = describeUpdate(doc, touched, () => Y.applyUpdate(doc, update));
				const bare = {
					boardId,
					seq: stamp.seq,
					epoch: head.epoch,
					actorId: 'mei',
					sessionId: 's',
					receivedAt: stamp.at,
					update,
					prevHash: head.hash
				};
				const entry = { ...bare, hash: hashOf(bare) };
				await journal.commit([
					{ ...entry, changes: recordChanges({ ...stamp, sessionId: 's' }, changes), newWriters: writers }
				]);
			}
		}
		const rename = (value: string) => (doc: Y.Doc) =>
			setField(doc, { projectId: readBoard(doc).projects[0]!.id, field: 'name', value });
		const rowsOf = async (boardId: string): Promise<unknown[]> =>
			(await services.history.list(boardId, { limit: '500' })).changes;

		test('holds the same board, and what comes after builds on it', async () => {
			const id = await makeBoard();
			await edit(id, rename('一'), rename('二'));
			const before = await journal.load(id);
			const { seq } = await compact(database.one.db, id, nothing);
			const after = await new Journal(database.two.db).load(id);
			expect(seq).toBe(before.head.seq + 1);
			expect(after.head).toMatchObject({ seq, epoch: before.head.epoch + 1 });
			expect(readBoard(after.doc)).toEqual(readBoard(before.doc));
			expect(after.doc.store.clients.size).toBe(1);
			await edit(id, rename('三'));
			expect(readBoard((await journal.load(id)).doc).projects[0]!.name).toBe('三');
		});

		test('leaves every moment before and after as it was, with and without snapshots', async () => {
			const id = await makeBoard();
			await edit(id, rename('一'), (doc) => removeProject(doc, readBoard(doc).projects[1]!.id));
			await compact(database.one.db, id, nothing);
			await edit(id, rename('二'));
			await compact(database.one.db, id, nothing);
			await edit(id, rename('三'));
			const { head } = await journal.load(id);
			const boards = new Map<number, unknown>();
			let doc = new Y.Doc();
			for await (const entry of journal.entries(id)) {
				if (isBeginning(entry)) doc = new Y.Doc();
				Y.applyUpdate(doc, entry.update);
				boards.set(entry.seq, readBoard(doc));
			}
			for (const isCached of [true, false]) {
				if (!isCached) await database.two.db.deleteFrom('snapshot').where('board_id', '=', id).execute();
				for (let seq = 1; seq <= head.seq; seq++)
					expect(readBoard((await journal.load(id, seq)).doc), `as of ${seq}`).toEqual(boards.get(seq));
			}
			for (let seq = 2; seq <= head.seq; seq++) {
				const [earlier, later] = await new PastBoards(journal).afterBoth(id, seq - 1, seq);
				expect([earlier.board, later.board]).toEqual([boards.get(seq - 1), boards.get(seq)]);
				expect([earlier.seq, later.seq]).toEqual([seq - 1, seq]);
			}
		});

		test('carries on the chain, adds nothing to the history, and the history is derived again the same', async () => {
			const id = await makeBoard();
			await edit(id, rename('一'));
			const before = await rowsOf(id);
			await compact(database.one.db, id, nothing);
			expect(await rowsOf(id)).toEqual(before);
			await edit(id, rename('二'), (doc) => {
				const { projects, stages } = readBoard(doc);
				moveProject(doc, { projectId: projects[0]!.id, stageId: stages.at(-1)!.id, index: 0 });
			});
			const rows = await rowsOf(id);
			expect(rows.length).toBeGreaterThan(before.length);
			expect(await journal.verify(id)).toMatchObject({ ok: true, entries: (await journal.head(id)).seq });
			await services.history.rebuild(id);
			expect(await rowsOf(id)).toEqual(rows);
		});

		test('is not believed where it holds another board', async () => {
			const id = await makeBoard();
			const { head } = await journal.load(id);
			const forged = new Y.Doc();
			forged.getMap('meta').set('title', '别的板');
			const { beginningAfter } = await import('#server/journal/beginning.ts');
			const state = Y.encodeStateAsUpdate(forged);
			const entry = beginningAfter(head, { boardId: id, state, at: new Date().toISOString() });
			await journal.begin(entry, { clientId: forged.clientID, ...nothing });
			await expect(services.history.rebuild(id)).rejects.toThrow(/begins with another board/);
		});

		test('retires all Yjs clients of before, and none of after', async () => {
			const id = await makeBoard();
			await edit(id, rename('一'));
			const before = [...(await journal.clientOwners(id)).keys()];
			await compact(database.one.db, id, nothing);
			await edit(id, rename('二'));
			const owners = await journal.clientOwners(id);
			expect(before.map((client) => owners.get(client))).toEqual(before.map(() => RETIRED));
			const current = (await journal.load(id)).doc.store.clients.keys();
			expect([...current].map((client) => owners.get(client)).sort()).toEqual(['mei', 'system']);
		});

		test('is written by its rule alone', async () => {
			const id = await makeBoard();
			for (let turn = 0; turn < 20; turn++) await edit(id, rename(`${turn}`));
			const rules = { bytes: 1, times: 50, clients: 1_000 };
			const { bytesBefore, ...kept } = await compactOnce(journal, id, { rule: rules, ...nothing });
			expect(kept.seq).toBeNull();
			expect(kept.bytesAfter).toBeLessThan(bytesBefore);
			const large = { bytes: bytesBefore, times: 1, clients: 1_000 };
			expect((await compactOnce(journal, id, { rule: large, ...nothing })).seq).toBeNull();
			const due = { bytes: bytesBefore - 1, times: 1, clients: 1_000 };
			expect((await compactOnce(journal, id, { rule: due, ...nothing })).seq).not.toBeNull();
			await edit(id, rename('又一个'));
			const crowded = { bytes: Infinity, times: Infinity, clients: 1 };
			expect((await compactOnce(journal, id, { rule: crowded, ...nothing })).seq).not.toBeNull();
			expect((await compactOnce(journal, id, { rule: crowded, ...nothing })).seq).toBeNull();
		});

		test('is refused, and nothing of it written, where somebody wrote meanwhile', async () => {
			const id = await makeBoard();
			const { head } = await journal.load(id);
			const alongside = () => Promise.reject(new Error('no record'));
			await expect(compact(database.one.db, id, { alongside })).rejects.toThrow('no record');
			expect(await journal.head(id)).toEqual(head);
			const slow = new Journal(database.two.db);
			const { begin } = slow;
			slow.begin = async (...args) => {
				await edit(id, rename('插队'));
				return begin.apply(slow, args);
			};
			await expect(compactOnce(slow, id, nothing)).rejects.toMatchObject({ code: 'conflict' });
			expect(await journal.head(id)).toMatchObject({ seq: head.seq + 1, epoch: head.epoch });
			expect([...(await journal.clientOwners(id)).values()]).not.toContain(RETIRED);
			await services.boards.archive(id, SYSTEM);
			await expect(compact(database.one.db, id, nothing)).rejects.toMatchObject({ code: 'forbidden' });
		});

		test('tells which epochs are in the board’s past whole', async () => {
			const id = await makeBoard();
			const first = (await journal.head(id)).epoch;
			await compact(database.one.db, id, nothing);
			await edit(id, rename('一'));
			await compact(database.one.db, id, nothing);
			expect(await Promise.all([0, 1, 2, 3].map((ago) => journal.isWhole(id, first + ago)))).toEqual([
				true,
				true,
				true,
				false
			]);
			await services.boards.beginEpoch(id, SYSTEM);
			const put = (await journal.head(id)).epoch;
			const epochs = [first, first + 1, first + 2, put];
			expect(await Promise.all(epochs.map((epoch) => journal.isWhole(id, epoch)))).toEqual([
				true,
				true,
				false,
				true
			]);
			await compact(database.one.db, id, nothing);
			expect(await journal.isWhole(id, first + 2)).toBe(false);
			expect(await journal.isWhole(id, put)).toBe(true);
			expect(await journal.isWhole(id, put + 7)).toBe(false);
		});
	});
}
