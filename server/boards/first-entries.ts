import * as Y from 'yjs';
import type { Template } from '#domain/stages.ts';
import { newProjectOf } from '#doc/library-record.ts';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import { addProject, initBoard } from '#doc/mutators.ts';
import type { Portfolio } from '#seeds/schema.ts';
import { describeUpdate } from '#server/history/derive-changes.ts';
import { recordChanges } from '#server/history/recorded-change.ts';
import { hashOf, NO_HASH, type PendingEntry } from '#server/journal/entry.ts';
import type { ImportedBoard } from './imported-board.ts';

type NewBoard = { id: string; title: string; template: Template; at: string; by: string };

/** What one intent changes, as an update. */
function updatesOf(board: NewBoard, portfolio: Portfolio, content: ImportedBoard | undefined): Uint8Array[] {
	const doc = new Y.Doc();
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	const templateStages = portfolio.stages
		.filter((stage) => stage.template === board.template)
		.map(({ id, nameZh, nameEn }) => ({ id, name: nameZh, nameEn }));
	const stages = [...(content?.stages ?? templateStages)];
	initBoard(doc, { title: board.title, template: board.template, stages });
	for (const record of content?.projects ?? []) {
		addProject(doc, {
			projectId: record.id,
			stageId: record.stage,
			index: Number.MAX_SAFE_INTEGER,
			fields: newProjectOf(record)
		});
	}
	return updates;
}

/**
 * A new board's first journal entries: its layout, then one for each project, derived like any other edit.
 * @throws {Refusal} `schema` if a record breaks the document format
 */
export function firstEntries(
	board: NewBoard,
	from: { portfolio: Portfolio; content: ImportedBoard | undefined }
): PendingEntry[] {
	const doc = new Y.Doc();
	let prevHash = NO_HASH;
	return updatesOf(board, from.portfolio, from.content).map((update, index) => {
		const { touched, writers } = inspectUpdate(doc, update);
		const changes = describeUpdate(doc, touched, () => Y.applyUpdate(doc, update));
		const seq = index + 1;
		const bare = {
			boardId: board.id,
			seq,
			epoch: 1,
			actorId: board.by,
			sessionId: null,
			receivedAt: board.at,
			update,
			prevHash
		};
		const hash = hashOf(bare);
		prevHash = hash;
		const recorded = recordChanges({ seq, at: board.at, actorId: board.by }, changes);
		return { ...bare, hash, changes: recorded, newWriters: index === 0 ? writers : [] };
	});
}
