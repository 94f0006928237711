import * as Y from 'yjs';
import { addProject, initBoard } from '#doc/mutators.ts';

export const STARTING_STAGES = ['study', 'planned', 'construction'] as const;

/** The state of a board with three stages and the projects `a` and `b`, written by client 1. */
export function startingBoard(): Uint8Array {
	const doc = new Y.Doc();
	doc.clientID = 1;
	const stages = STARTING_STAGES.map((id) => ({ id, name: id, nameEn: id }));
	initBoard(doc, { title: '板', template: 'stages', stages });
	for (const projectId of ['a', 'b']) {
		const fields = { name: projectId, sector: 'rail', kind: 'project', cities: { '530100': true } };
		addProject(doc, { projectId, stageId: 'study', index: 0, fields });
	}
	return Y.encodeStateAsUpdate(doc);
}

/** A document of a state. */
export function docOf(state: Uint8Array): Y.Doc {
	const doc = new Y.Doc();
	Y.applyUpdate(doc, state);
	return doc;
}
