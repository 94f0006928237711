import { expect } from 'vitest';
import * as Y from 'yjs';
import type { Change, ChangeValue } from '#domain/change.ts';
import { metaOf, projectsOf, stagesOf } from '#doc/schema.ts';

type Values = Record<string, ChangeValue>;
/** A board as change rows tell it. */
export interface ToldBoard {
	meta: Values;
	stages: Record<string, Values>;
	projects: Record<string, Record<string, ChangeValue>>;
}

export const emptyBoard = (): ToldBoard => ({ meta: {}, stages: {}, projects: {} });

const isNothing = (value: unknown) =>
	value === undefined ||
	value === null ||
	value === '' ||
	(typeof value === 'object' && Object.keys(value).length === 0);

/** Absent, null and empty are one; keys in alphabetical order. */
function tidy(value: unknown): unknown {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
	const entries = Object.entries(value)
		.map(([key, item]) => [key, tidy(item)] as const)
		.filter(([, item]) => !isNothing(item));
	return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function linesOf(notes: Y.XmlFragment): string {
	const lines = notes.toArray().map((line) => (line as Y.XmlElement).toArray().join(''));
	return lines.join('\n').trim();
}

/** The same board as the document itself has it, by Yjs' own reading. */
export function boardIn(doc: Y.Doc): unknown {
	const projects = [...projectsOf(doc)].map(([id, project]) => {
		const notes = project.get('notes');
		return [id, { ...project.toJSON(), notes: notes instanceof Y.XmlFragment ? linesOf(notes) : '' }];
	});
	return {
		meta: metaOf(doc).toJSON(),
		stages: stagesOf(doc).toJSON(),
		projects: Object.fromEntries(projects)
	};
}

/** Puts `after` in the place of what must be `before` there. */
function replace(owner: Record<string, unknown>, key: string, { before, after }: Change): void {
	expect(tidy({ at: owner[key] })).toEqual(tidy({ at: before }));
	if (after === null) delete owner[key];
	else owner[key] = after;
}

/** Takes one change over into a told board, whose state before must be what the change says it was. */
export function tell(board: ToldBoard, change: Change): void {
	const { kind, projectId, stageId, field, member } = change;
	if (kind === 'board-changed') return replace(board.meta, field!, change);
	if (kind === 'stage-added' || kind === 'stage-removed') return replace(board.stages, stageId!, change);
	if (kind === 'stage-changed') return replace(board.stages[stageId!]!, field!, change);
	if (/^project-(added|removed|restored)$/.test(kind)) return replace(board.projects, projectId!, change);
	const project = board.projects[projectId!]!;
	if (member === null) return replace(project, field!, change);
	const members = { ...(project[field!] as Values | undefined) };
	replace(members, member, change);
	project[field!] = members;
}

/** Fails unless the told board is the document's. */
export function expectTold(board: ToldBoard, doc: Y.Doc): void {
	expect(tidy({ ...board })).toEqual(tidy(boardIn(doc)));
}
