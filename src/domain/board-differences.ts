import type { Board, Project, Stage } from './board.ts';
import type { ChangeValue } from './change.ts';
import { type BoardAtMoment, compareBoards } from './compare-boards.ts';
import type { RestoreTarget } from './restore-target.ts';
import { isSameValue } from './same-value.ts';

/**
 * One thing that a copy of a board holds and the board does not, or holds otherwise. Each can be brought in by itself.
 * `board` is what the board has, `copy` what the copy has; null = it has nothing there.
 */
export type BoardDifference =
	| { kind: 'title'; board: string; copy: string }
	| { kind: 'stage'; stageId: string; board: Stage | null; copy: Stage }
	/** Only the copy has the project, or only the board, where the copy knows that it was removed. */
	| { kind: 'project'; projectId: string; board: Project | null; copy: Project | null }
	| {
			kind: 'field';
			projectId: string;
			/** As the board calls the project. */
			name: string;
			/** Key of the document format; `place` is the stage with the order in it. */
			field: string;
			/** Entry of a set or list of records. */
			member: string | null;
			board: ChangeValue;
			copy: ChangeValue;
	  };

/** A copy of a board, which remembers what was removed from it. */
export interface BoardCopy extends BoardAtMoment {
	/** Whether a project was ever in it. */
	knew(projectId: string): boolean;
}

/** What a difference is called, the same at any time. */
export function differenceKey(difference: BoardDifference): string {
	switch (difference.kind) {
		case 'title':
			return 'title';
		case 'stage':
			return `stage/${difference.stageId}`;
		case 'project':
			return `project/${difference.projectId}`;
		case 'field':
			return ['field', difference.projectId, difference.field, difference.member ?? ''].join('/');
		default:
			return difference satisfies never;
	}
}

/** What has to be made as it is in the copy to bring a difference in. */
export function targetOf(difference: BoardDifference): RestoreTarget {
	switch (difference.kind) {
		case 'title':
			return { kind: 'title' };
		case 'stage':
			return { kind: 'stage', stageId: difference.stageId };
		case 'project':
			return { kind: 'project', projectId: difference.projectId };
		case 'field': {
			const { projectId, field, member } = difference;
			return { kind: 'field', projectId, field, member };
		}
		default:
			return difference satisfies never;
	}
}

/**
 * All that a copy holds otherwise than the board, stages first. What the board has and the copy never knew came later and
 * is no difference, and neither is a stage that only the board has.
 */
export function differencesOf(board: BoardAtMoment, copy: BoardCopy): BoardDifference[] {
	const { title, stages, added, removed, moved, reordered, changed } = compareBoards(board, copy);
	const [onBoard, inCopy] = [projectsOf(board), projectsOf(copy)];
	const both = (id: string) => ({ is: onBoard.get(id)!, was: inCopy.get(id)! });
	return [
		...(title ? [{ kind: 'title' as const, board: title.before, copy: title.after }] : []),
		...stages.flatMap(({ id, before, after }) => stageDifference(id, before, after)).filter(isFirst),
		...added.map(({ id }) => onlyIn(id, null, inCopy.get(id)!)),
		...removed.filter(({ id }) => copy.knew(id)).map(({ id }) => onlyIn(id, onBoard.get(id)!, null)),
		...[...moved, ...reordered].map(({ id }) => placeDifference(both(id))),
		...changed.flatMap(({ id, fields }) =>
			fields.map(({ field, member, before, after }) => ({
				kind: 'field' as const,
				projectId: id,
				name: onBoard.get(id)!.name,
				field,
				member,
				board: before,
				copy: after
			}))
		)
	];
}

const projectsOf = ({ projects }: Board) => new Map(projects.map((project) => [project.id, project]));

function onlyIn(projectId: string, board: Project | null, copy: Project | null): BoardDifference {
	return { kind: 'project', projectId, board, copy };
}

function stageDifference(stageId: string, board: Stage | null, copy: Stage | null): BoardDifference[] {
	return copy ? [{ kind: 'stage', stageId, board, copy }] : [];
}

/** A stage that was renamed and reordered is told twice by a comparison, and brought in at once. */
function isFirst(difference: BoardDifference, index: number, all: readonly BoardDifference[]): boolean {
	return all.findIndex((other) => differenceKey(other) === differenceKey(difference)) === index;
}

function placeDifference({ is, was }: { is: Project; was: Project }): BoardDifference {
	const place = ({ stage, order }: Project) => ({ stage, order });
	const named = { projectId: is.id, name: is.name, field: 'place', member: null };
	return { kind: 'field', ...named, board: place(is), copy: place(was) };
}

/** What edits on their way were made to: values as they were before the first of them. */
export interface EditBase {
	title?: string;
	/** By id; null = was not there. */
	stages: Record<string, Stage | null>;
	projects: Record<string, Project | null>;
	/** Whole notes of those projects whose notes were written in; empty = had none. */
	notes: Record<string, string>;
}

/** What becomes of edits that were on their way when a board went on without them. */
export interface Rebase {
	/** What they changed still is as it was: done again, they say the same. */
	again: BoardDifference[];
	/** Somebody changed it meanwhile, or it has gone. */
	clashing: BoardDifference[];
}

/**
 * Sorts the edits of a copy by whether what they changed is on the board as it was when they were made. What the board
 * holds already is in neither list.
 */
export function rebase(board: BoardAtMoment, copy: BoardCopy, base: EditBase): Rebase {
	const before = asItWas(copy, base);
	const own = new Map(differencesOf(before, copy).map((edit) => [differenceKey(edit), edit]));
	const sorted: Rebase = { again: [], clashing: [] };
	for (const difference of differencesNow(board, copy, own)) {
		const edit = own.get(differenceKey(difference));
		const isAsItWas = edit && isSameThere({ board, before, base }, difference, edit);
		(isAsItWas ? sorted.again : sorted.clashing).push(difference);
	}
	return sorted;
}

/** The copy without the edits. */
function asItWas(copy: BoardCopy, base: EditBase): BoardAtMoment {
	const notes = new Map(copy.notes);
	for (const [id, whole] of Object.entries(base.notes)) {
		if (whole === '') notes.delete(id);
		else notes.set(id, { text: '', whole });
	}
	return {
		...copy,
		title: base.title ?? copy.title,
		stages: replaced(copy.stages, base.stages),
		projects: replaced(copy.projects, base.projects),
		notes
	};
}

function replaced<T extends { id: string }>(list: readonly T[], by: Record<string, T | null>): T[] {
	const others = list.filter(({ id }) => !Object.hasOwn(by, id));
	return [...others, ...Object.values(by).filter((item) => item !== null)];
}

interface Sides {
	board: BoardAtMoment;
	before: BoardAtMoment;
	base: EditBase;
}

function isSameThere({ board, before, base }: Sides, now: BoardDifference, edit: BoardDifference): boolean {
	if (edit.kind === 'project' && edit.copy === null)
		return isSameProject({ board, before, base }, edit.projectId);
	if (now.kind !== 'field' || now.field !== 'notes') return isSameValue(now.board, edit.board);
	return (board.notes?.get(now.projectId)?.whole ?? '') === base.notes[now.projectId];
}

/** A project that is to go must be as it was when it was taken away, down to its notes. */
function isSameProject({ board, before, base }: Sides, id: string): boolean {
	const [is, was] = [board, before].map(({ projects }) => projects.find((project) => project.id === id));
	return isSameValue(is, was) && (board.notes?.get(id)?.whole ?? '') === (base.notes[id] ?? '');
}

/**
 * The differences between a board and a copy that others of before name. One whose project the board does not have any
 * more is the whole project, and a whole project the board has got meanwhile is what differs in it.
 * @param named by their keys
 */
export function differencesNow(
	board: BoardAtMoment,
	copy: BoardCopy,
	named: { has(key: string): boolean; keys(): Iterable<string> }
): BoardDifference[] {
	const projects = new Set<string>();
	const whole = new Set<string>();
	for (const key of named.keys()) {
		const [kind, id = ''] = key.split('/');
		if (kind === 'field') projects.add(id);
		else if (kind === 'project') whole.add(id);
	}
	return differencesOf(board, copy).filter((difference) => {
		if (named.has(differenceKey(difference))) return true;
		if (difference.kind === 'project') return difference.board === null && projects.has(difference.projectId);
		return difference.kind === 'field' && difference.copy !== null && whole.has(difference.projectId);
	});
}
