import * as Y from 'yjs';
import { inspectUpdate } from '#doc/inspection/inspect.ts';
import { newProjectOf } from '#doc/library-record.ts';
import { addProject, initBoard } from '#doc/mutators.ts';
import { isOrderKey, orderKeyAt } from '#doc/order-key.ts';
import { appendRichText } from '#doc/rich-text-values.ts';
import { findNotes } from '#doc/schema.ts';
import { PROJECTS_MAX, STAGES_MAX } from '#domain/limits.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Template } from '#domain/stages.ts';
import type { Portfolio } from '#seeds/schema.ts';
import { describeUpdate } from '#server/history/derive-changes.ts';
import { recordChanges } from '#server/history/recorded-change.ts';
import { type ChainEnd, entryAfter, NO_ENTRY, type PendingEntry } from '#server/journal/entry.ts';
import type { ImportedBoard, ImportedProject } from './imported-board.ts';

type NewBoard = { id: string; title: string; template: Template; at: string; by: string };
type Start = { portfolio: Portfolio; content: ImportedBoard | undefined };

function stagesOf(board: NewBoard, { portfolio, content }: Start) {
	const usual = portfolio.stages
		.filter((stage) => stage.template === board.template)
		.map(({ id, nameZh, nameEn }) => ({ id, name: nameZh, nameEn }));
	const stages = [...(content?.stages ?? usual)];
	const twice = stages.find(({ id }, index) => stages.findIndex((other) => other.id === id) !== index);
	if (twice) throw new Refusal('conflict', `stage ${twice.id} stands twice`);
	if (stages.length > STAGES_MAX) throw new Refusal('too-large', `a board has ${STAGES_MAX} stages at most`);
	return stages;
}

/** Order keys in the order the projects come, each stage by itself; a project's own key stays where it has one. */
function orderKeys(projects: readonly ImportedProject[]): string[] {
	const last = new Map<string, string>();
	return projects.map(({ stage, order }) => {
		const above = last.get(stage);
		const key = isOrderKey(order) ? order : orderKeyAt(above === undefined ? [] : [above], above ? 1 : 0);
		last.set(stage, key);
		return key;
	});
}

function addImported(doc: Y.Doc, record: ImportedProject, order: string): void {
	doc.transact(() => {
		const place = { projectId: record.id, stageId: record.stage, index: 0, order };
		addProject(doc, { ...place, fields: newProjectOf(record) });
		const notes = findNotes(doc, record.id);
		if (notes && record.notes) appendRichText(notes, record.notes);
	});
}

/** Runs what is about one record; what it is refused for then names the record. */
function naming<T>(record: ImportedProject | undefined, act: () => T): T {
	try {
		return act();
	} catch (error) {
		if (!(error instanceof Refusal) || !record) throw error;
		throw new Refusal(error.code, `project ${record.id}: ${error.message}`, {
			path: error.path,
			cause: error
		});
	}
}

/** What each first intent changes, as an update: the layout, then one for each project. */
function updatesOf(board: NewBoard, start: Start): Uint8Array[] {
	const doc = new Y.Doc();
	const updates: Uint8Array[] = [];
	doc.on('update', (update: Uint8Array) => updates.push(update));
	initBoard(doc, { title: board.title, template: board.template, stages: stagesOf(board, start) });
	const projects = start.content?.projects ?? [];
	if (projects.length > PROJECTS_MAX)
		throw new Refusal('too-large', `a board has ${PROJECTS_MAX} projects at most`);
	const orders = orderKeys(projects);
	projects.forEach((record, index) => naming(record, () => addImported(doc, record, orders[index]!)));
	return updates;
}

/**
 * A new board's first journal entries: its layout, then one for each project, derived like any other edit.
 * @throws {Refusal} `schema` naming the record that breaks the document format
 */
export function firstEntries(board: NewBoard, start: Start): PendingEntry[] {
	const doc = new Y.Doc();
	let end: ChainEnd = NO_ENTRY;
	return updatesOf(board, start).map((update, index) => {
		const record = start.content?.projects[index - 1];
		const { touched, writers } = naming(record, () => inspectUpdate(doc, update));
		const changes = describeUpdate(doc, touched, () => Y.applyUpdate(doc, update));
		const stamp = { boardId: board.id, epoch: 1, actorId: board.by, sessionId: null, receivedAt: board.at };
		const entry = entryAfter(end, { ...stamp, update });
		end = entry;
		const recorded = recordChanges(
			{ seq: entry.seq, at: board.at, actorId: board.by, sessionId: null },
			changes
		);
		return { ...entry, changes: recorded, newWriters: index === 0 ? writers : [] };
	});
}
