import { sql } from 'kysely';
import { type ChangeKind, UNCHANGING_KINDS } from '#domain/change.ts';

/** What the database calls each kind of change. A number stays with its kind for ever: rows are kept, and indexes name it. */
export const KIND_CODES = {
	'project-added': 1,
	'project-taken': 2,
	'project-removed': 3,
	'project-restored': 4,
	'project-moved': 5,
	'project-reordered': 6,
	'field-set': 7,
	'member-added': 8,
	'member-changed': 9,
	'member-removed': 10,
	'notes-edited': 11,
	'evidence-added': 12,
	'stage-added': 13,
	'stage-removed': 14,
	'stage-changed': 15,
	'board-changed': 16,
	clash: 17,
	'version-named': 18,
	'version-changed': 19,
	'version-removed': 20,
	'clash-settled': 21,
	'edit-refused': 22,
	'session-begun': 23,
	'session-ended': 24
} as const satisfies Record<ChangeKind, number>;

const KINDS = new Map<number, ChangeKind>(
	Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as ChangeKind])
);

/** The kind of a number. @throws {RangeError} if it is none's */
export function kindOf(code: number): ChangeKind {
	const kind = KINDS.get(code);
	if (kind === undefined) throw new RangeError(`there is no kind of change ${code}`);
	return kind;
}

/** Of the kinds that change nothing on the board, as statements name them. */
export const UNCHANGING_CODES = UNCHANGING_KINDS.map((kind) => sql.lit<number>(KIND_CODES[kind]));

/** Kinds of which the newest change of one project is looked for: of these alone there is an index that leads to it. */
export const NEWEST_SOUGHT = ['project-removed', 'project-moved', 'notes-edited'] as const;
export type NewestSought = (typeof NEWEST_SOUGHT)[number];
