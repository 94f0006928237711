import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import { PROJECT_FIELDS } from '#doc/fields.ts';
import { readBoard } from '#doc/read-board.ts';
import { restore } from '#doc/restore.ts';
import { richTextValues } from '#doc/rich-text-values.ts';
import { findNotes, projectsOf, stagesOf } from '#doc/schema.ts';
import type { RestoreTarget } from '#domain/restore-target.ts';
import type { Connection } from '#server/database/connect.ts';
import { openDatabase } from '#server/database/open.ts';
import { portionsOf } from '#server/history/portions.ts';
import { PROJECTS, session, STAGES } from './edits.ts';
import { play } from './play.ts';
import type { WrittenBoard } from './written-board.ts';

let connection: Connection;
beforeAll(async () => {
	connection = await openDatabase('sqlite::memory:');
});
afterAll(() => connection.db.destroy());

/** All a board shows, notes with their formatting too. */
function picture(doc: Y.Doc) {
	const board = readBoard(doc);
	const notes = board.projects.map(({ id }) => {
		const fragment = findNotes(doc, id);
		return [id, fragment ? richTextValues(fragment) : []];
	});
	return { board, notes: Object.fromEntries(notes) as Record<string, unknown> };
}

/** A board after an entry, and the one it became. */
async function thenAndNow(board: WrittenBoard, choice: number) {
	const { seq } = await board.journal.head(board.id);
	const at = board.firstSeq + (choice % (seq - board.firstSeq + 1));
	const [past, now] = [await board.journal.load(board.id, at), await board.journal.load(board.id)];
	return { past: past.doc, now: now.doc };
}

/** Restores as the server does: on a copy, in portions that pass the inspection; all that was not written is as it was. */
function restored(now: Y.Doc, past: Y.Doc, target: RestoreTarget): Y.Doc {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(now));
	const updates: Uint8Array[] = [];
	copy.on('update', (update: Uint8Array) => updates.push(update));
	restore(copy, past, target);
	for (const update of portionsOf(updates)) {
		inspectUpdate(now, update);
		Y.applyUpdate(now, update);
	}
	expect(picture(now)).toEqual(picture(copy));
	updates.length = 0;
	restore(copy, past, target);
	expect(updates).toEqual([]);
	return now;
}

const choice = fc.nat({ max: 1_000 });

test('a restored board shows what it showed then, whatever has been done to it since', async () => {
	await fc.assert(
		fc.asyncProperty(session, choice, async (steps, moment) => {
			const { past, now } = await thenAndNow(await play(connection.db, steps), moment);
			restored(now, past, { kind: 'board' });
			const [shown, then] = [picture(now), picture(past)];
			expect({ ...shown.board, projects: byId(shown.board.projects) }).toEqual({
				...then.board,
				projects: byId(then.board.projects)
			});
			expect(shown.notes).toEqual(then.notes);
		}),
		{ numRuns: 40 }
	);
}, 60_000);

const byId = (projects: readonly { id: string }[]) =>
	Object.fromEntries(projects.map((project) => [project.id, project]));

test('a restored project shows what it showed then, and no other project changes', async () => {
	const project = fc.constantFrom(...PROJECTS);
	await fc.assert(
		fc.asyncProperty(session, choice, project, async (steps, moment, projectId) => {
			const { past, now } = await thenAndNow(await play(connection.db, steps), moment);
			fc.pre(projectsOf(past).has(projectId));
			const before = picture(now);
			restored(now, past, { kind: 'project', projectId });
			const [after, then] = [picture(now), picture(past)];
			const contentIn = ({ board }: ReturnType<typeof picture>) => {
				const { stage: _, ...content } = board.projects.find(({ id }) => id === projectId)!;
				return content;
			};
			expect(contentIn(after)).toEqual(contentIn(then));
			expect(after.notes[projectId]).toEqual(then.notes[projectId]);
			const others = ({ board }: ReturnType<typeof picture>) =>
				board.projects.filter(({ id }) => id !== projectId);
			expect(others(after)).toEqual(others(before));
		}),
		{ numRuns: 40 }
	);
}, 60_000);

test('a restored field is what it was, and nothing else changes', async () => {
	const field = fc.constantFrom(...Object.keys(PROJECT_FIELDS).filter((key) => key !== 'place'));
	await fc.assert(
		fc.asyncProperty(session, choice, field, async (steps, moment, key) => {
			const { past, now } = await thenAndNow(await play(connection.db, steps), moment);
			const projectId = PROJECTS.find((id) => projectsOf(past).has(id) && projectsOf(now).has(id));
			fc.pre(projectId !== undefined);
			const rawOf = (doc: Y.Doc) => ({
				...(projectsOf(doc).get(projectId!)!.toJSON() as Record<string, unknown>),
				notes: picture(doc).notes[projectId!]
			});
			const before = rawOf(now) as Record<string, unknown>;
			restored(now, past, { kind: 'field', projectId: projectId!, field: key, member: null });
			const after = rawOf(now) as Record<string, unknown>;
			expect(after[key] ?? {}).toEqual((rawOf(past) as Record<string, unknown>)[key] ?? {});
			expect({ ...after, [key]: null }).toEqual({ ...before, [key]: null });
		}),
		{ numRuns: 40 }
	);
}, 60_000);

test('a restored stage is called and stands as it did', async () => {
	const stage = fc.constantFrom(...STAGES, 's-new');
	await fc.assert(
		fc.asyncProperty(session, choice, stage, async (steps, moment, stageId) => {
			const { past, now } = await thenAndNow(await play(connection.db, steps), moment);
			fc.pre(stagesOf(past).has(stageId));
			restored(now, past, { kind: 'stage', stageId });
			const stageIn = (doc: Y.Doc) => readBoard(doc).stages.find(({ id }) => id === stageId);
			expect(stageIn(now)).toEqual(stageIn(past));
		}),
		{ numRuns: 40 }
	);
}, 60_000);
