import type { Board, Project, Stage } from './board.ts';
import type { ChangeValue } from './change.ts';
import { type ByPart, countsByCity, countsByStage, countsOf, type Counts } from './board-counts.ts';
import { isSameValue } from './same-value.ts';

/** Notes as plain words, and whole with their formatting, to see whether anything differs at all. */
export interface NotesAtMoment {
	text: string;
	whole: string;
}
/** A board at one moment, with its projects' notes where they are known. */
export interface BoardAtMoment extends Board {
	/** By the project's id; absent = none were written. */
	notes?: ReadonlyMap<string, NotesAtMoment>;
}

/** What one field held and holds; of a set or list of records each entry by itself, named by `member`. */
export interface FieldDifference {
	/** Key of the document format. */
	field: string;
	member: string | null;
	/** Null = nothing was there. */
	before: ChangeValue;
	after: ChangeValue;
}
/** A project as lists of differences name it. */
export interface ProjectNamed {
	id: string;
	name: string;
	nameEn: string;
	cities: readonly string[];
}
export interface ProjectCameOrWent extends ProjectNamed {
	/** Stage it stands in, or stood in. */
	stage: string;
	totalInvestmentYuan: number | null;
}
export interface ProjectMoved extends ProjectNamed {
	/** Ids of stages. */
	before: string;
	after: string;
}
export interface ProjectReordered extends ProjectNamed {
	stage: string;
}
export interface ProjectChanged extends ProjectNamed {
	stage: string;
	fields: FieldDifference[];
}
export interface StageDifference {
	id: string;
	kind: 'added' | 'removed' | 'renamed' | 'reordered';
	before: Stage | null;
	after: Stage | null;
}

/** What differs between a board at two moments. A project that moved and changed stands in both lists. */
export interface BoardComparison {
	title: { before: string; after: string } | null;
	stages: StageDifference[];
	added: ProjectCameOrWent[];
	removed: ProjectCameOrWent[];
	moved: ProjectMoved[];
	/** Within their stage. */
	reordered: ProjectReordered[];
	changed: ProjectChanged[];
	/** How many projects there were and are, and their known investments: of the board, of each stage, of each city. */
	counts: { before: Counts; after: Counts; byStage: ByPart[]; byCity: ByPart[] };
}

/** Fields with one value; stage and order are told as moves. */
const VALUES = [
	'name',
	'nameEn',
	'originalName',
	'sector',
	'subtype',
	'kind',
	'leadCity',
	'totalInvestmentYuan',
	'investmentSource',
	'investmentAsOf',
	'caveat'
] as const satisfies readonly (keyof Project)[];

type Entries = Record<string, ChangeValue>;

const asSet = (codes: readonly string[]): Entries => Object.fromEntries(codes.map((code) => [code, true]));
const asRecords = <T extends object>(records: readonly T[], key: keyof T & string): Entries =>
	Object.fromEntries(
		records.map(({ [key]: id, ...record }) => [String(id), record as unknown as ChangeValue])
	);

/** Sets and lists of records, by the key of each entry. */
const ENTRIES = {
	cities: ({ cities }: Project) => asSet(cities),
	counties: ({ counties }: Project) => asSet(counties),
	evidence: ({ evidence }: Project) => asRecords(evidence, 'id'),
	figures: ({ figures }: Project) => asRecords(figures, 'id'),
	dependencies: ({ dependencies }: Project) => asRecords(dependencies, 'project')
};
const ENTRY_FIELDS = ['cities', 'counties', 'evidence', 'figures', 'dependencies'] as const;

/** Compares a board at two moments. What is the very same object in both is not looked into. */
export function compareBoards(before: BoardAtMoment, after: BoardAtMoment): BoardComparison {
	const old = new Map(before.projects.map((project) => [project.id, project]));
	const now = new Map(after.projects.map((project) => [project.id, project]));
	const both = after.projects.flatMap((project) => {
		const was = old.get(project.id);
		return was ? [{ was, is: project, notes: notesDifference(before, after, project.id) }] : [];
	});
	return {
		title: before.title === after.title ? null : { before: before.title, after: after.title },
		stages: stageDifferences(before.stages, after.stages),
		added: after.projects.filter(({ id }) => !old.has(id)).map(cameOrWent),
		removed: before.projects.filter(({ id }) => !now.has(id)).map(cameOrWent),
		moved: both
			.filter(({ was, is }) => was.stage !== is.stage)
			.map(({ was, is }) => ({ ...named(is), before: was.stage, after: is.stage })),
		reordered: both
			.filter(({ was, is }) => was.stage === is.stage && was.order !== is.order)
			.map(({ is }) => ({ ...named(is), stage: is.stage })),
		changed: both
			.map(({ was, is, notes }) => ({
				...named(is),
				stage: is.stage,
				fields: [...fieldDifferences(was, is), ...notes]
			}))
			.filter(({ fields }) => fields.length > 0),
		counts: {
			before: countsOf(before.projects),
			after: countsOf(after.projects),
			byStage: countsByStage(before, after),
			byCity: countsByCity(before, after)
		}
	};
}

/** Whether nothing differs. */
export function isSameBoard(comparison: BoardComparison): boolean {
	const { title, stages, added, removed, moved, reordered, changed } = comparison;
	return (
		title === null && [stages, added, removed, moved, reordered, changed].every(({ length }) => length === 0)
	);
}

function named({ id, name, nameEn, cities }: Project): ProjectNamed {
	return { id, name, nameEn, cities };
}

function cameOrWent(project: Project): ProjectCameOrWent {
	const { stage, totalInvestmentYuan } = project;
	return { ...named(project), stage, totalInvestmentYuan };
}

/** What differs in one project beside its place. */
export function fieldDifferences(was: Project, is: Project): FieldDifference[] {
	if (was === is) return [];
	const values = VALUES.filter((field) => !isSameValue(was[field], is[field])).map((field) => ({
		field,
		member: null,
		before: was[field],
		after: is[field]
	}));
	const entries = ENTRY_FIELDS.filter((field) => !isSameValue(was[field], is[field])).flatMap((field) =>
		entryDifferences(field, ENTRIES[field](was), ENTRIES[field](is))
	);
	return [...values, ...entries];
}

function entryDifferences(field: string, was: Entries, is: Entries): FieldDifference[] {
	const members = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
	return members
		.filter((member) => !isSameValue(was[member], is[member]))
		.map((member) => ({ field, member, before: was[member] ?? null, after: is[member] ?? null }));
}

function notesDifference(before: BoardAtMoment, after: BoardAtMoment, id: string): FieldDifference[] {
	const [was, is] = [before.notes?.get(id), after.notes?.get(id)];
	if (was?.whole === is?.whole) return [];
	return [{ field: 'notes', member: null, before: was?.text ?? null, after: is?.text ?? null }];
}

function stageDifferences(before: readonly Stage[], after: readonly Stage[]): StageDifference[] {
	const old = new Map(before.map((stage) => [stage.id, stage]));
	const now = new Map(after.map((stage) => [stage.id, stage]));
	return [...new Set([...now.keys(), ...old.keys()])].flatMap((id) => {
		const [was = null, is = null] = [old.get(id), now.get(id)];
		const kinds =
			was === null ? ['added' as const] : is === null ? ['removed' as const] : alterations(was, is);
		return kinds.map((kind) => ({ id, kind, before: was, after: is }));
	});
}

function alterations(was: Stage, is: Stage): ('renamed' | 'reordered')[] {
	const isRenamed = was.name !== is.name || was.nameEn !== is.nameEn;
	return [
		...(isRenamed ? ['renamed' as const] : []),
		...(was.order === is.order ? [] : ['reordered' as const])
	];
}
