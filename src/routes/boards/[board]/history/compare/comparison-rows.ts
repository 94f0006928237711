import type {
	BoardComparison,
	FieldDifference,
	ProjectNamed,
	StageDifference
} from '#domain/compare-boards.ts';
import type { RestoreTarget } from '#domain/restore-target.ts';
import { m } from '#lib/paraglide/messages.js';
import { inLanguage } from '#lib/signs/in-language.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { fieldName } from '#lib/signs/fields.ts';
import { moneyText } from '#lib/signs/format.ts';
import type { HistoryNames } from '../history-names.svelte.ts';
import { entryText, valuePair } from '../value-text.ts';

export const ROW_KINDS = ['added', 'removed', 'moved', 'changed', 'reordered', 'layout'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** One thing that differs, in words; empty = nothing was there. */
export interface DifferenceShown {
	key: string;
	label: string;
	before: string;
	after: string;
	/** Long texts are compared word by word. */
	isText: boolean;
	/** What puts it back alone. */
	target: RestoreTarget | undefined;
}
/** One project, or the board's own layout, with all that differs in it. */
export interface ComparisonRow {
	key: string;
	/** Null = the board itself. */
	projectId: string | null;
	name: string;
	cities: readonly string[];
	kinds: RowKind[];
	differences: DifferenceShown[];
	/** What puts all of it back. */
	target: RestoreTarget | undefined;
}

/** From here on two texts are compared word by word rather than shown one above the other. */
const COMPARED_CHARS = 30;

/** What differs, project by project: the layout first, then what came, what went, and the rest in the board's order. */
export function rowsOf(comparison: BoardComparison, names: HistoryNames): ComparisonRow[] {
	const rows = new Map<string, ComparisonRow>();
	const take = (project: ProjectNamed, kind: RowKind, differences: DifferenceShown[]) => {
		const row = rows.get(project.id) ?? newRow(project);
		rows.set(project.id, row);
		row.kinds.push(kind);
		row.differences.push(...differences);
	};
	const where = ({
		stage,
		totalInvestmentYuan: yuan
	}: {
		stage: string;
		totalInvestmentYuan: number | null;
	}) => [names.stage(stage), ...(yuan === null ? [] : [moneyText(yuan)])].join(' · ');
	for (const project of comparison.added) take(project, 'added', [placed({ after: where(project) })]);
	for (const project of comparison.removed) take(project, 'removed', [placed({ before: where(project) })]);
	for (const project of comparison.moved) take(project, 'moved', [moved(project, names)]);
	for (const project of comparison.changed)
		take(
			project,
			'changed',
			project.fields.map((field) => fieldShown(project.id, field, names))
		);
	for (const project of comparison.reordered)
		take(project, 'reordered', [reordered(project.id, names.stage(project.stage))]);
	const layout = layoutRow(comparison, names);
	return [...(layout ? [layout] : []), ...rows.values()].map(withTarget);
}

function newRow(project: ProjectNamed): ComparisonRow {
	const { id, cities } = project;
	const name = inLanguage(project.name, project.nameEn);
	return { key: id, projectId: id, name, cities, kinds: [], differences: [], target: undefined };
}

/** A project that came is taken away on the board; any other can be put back whole. */
function withTarget(row: ComparisonRow): ComparisonRow {
	const { projectId, kinds } = row;
	if (projectId === null || kinds.includes('added')) return row;
	return { ...row, target: { kind: 'project', projectId } };
}

const placed = (pair: { before?: string; after?: string }): DifferenceShown => ({
	key: 'place',
	label: fieldName('place'),
	before: '',
	after: '',
	...pair,
	isText: false,
	target: undefined
});

const placeOf = (projectId: string): RestoreTarget => ({
	kind: 'field',
	projectId,
	field: 'place',
	member: null
});

function moved({ id, before, after }: { id: string; before: string; after: string }, names: HistoryNames) {
	return { ...placed({ before: names.stage(before), after: names.stage(after) }), target: placeOf(id) };
}

function reordered(id: string, stage: string): DifferenceShown {
	const words = { label: m.compare_order(), after: m.compare_order_changed_in({ stage }) };
	return { ...placed({}), ...words, target: placeOf(id) };
}

function fieldShown(projectId: string, difference: FieldDifference, names: HistoryNames): DifferenceShown {
	const { field, member, before, after } = difference;
	const told = (value: FieldDifference['before']) =>
		value === null ? '' : entryText(field, member ?? '', value, names);
	const pair =
		member === null
			? valuePair(field, { before, after }, names)
			: { before: told(before), after: told(after) };
	return {
		key: `${field}.${member ?? ''}`,
		label: fieldName(field),
		...pair,
		isText: field === 'notes' || Math.min(pair.before.length, pair.after.length) > COMPARED_CHARS,
		target: { kind: 'field', projectId, field, member }
	};
}

function layoutRow({ title, stages }: BoardComparison, names: HistoryNames): ComparisonRow | undefined {
	const differences = stages.map((stage) => stageShown(stage, names));
	if (title) {
		const base = { ...placed(title), key: 'title', label: m.compare_board_title() };
		differences.unshift({ ...base, target: { kind: 'title' } });
	}
	if (differences.length === 0) return undefined;
	const name = m.compare_kind_layout();
	return { key: '', projectId: null, name, cities: [], kinds: ['layout'], differences, target: undefined };
}

function stageShown({ id, kind, before, after }: StageDifference, names: HistoryNames): DifferenceShown {
	const labels = {
		added: m.compare_stage_added(),
		removed: m.compare_stage_removed(),
		renamed: m.compare_stage_renamed(),
		reordered: m.compare_stage_reordered({ stage: names.stage(id) })
	};
	const nameOf = (stage: StageDifference['before']) => (stage ? inLanguage(stage.name, stage.nameEn) : '');
	const pair =
		kind === 'reordered'
			? { after: m.compare_order_changed() }
			: bothNames(nameOf(before), nameOf(after), { before, after });
	const target: RestoreTarget | undefined = before ? { kind: 'stage', stageId: id } : undefined;
	return { ...placed(pair), key: `${id}.${kind}`, label: labels[kind], target };
}

/** A stage renamed only in the other language is told in that one. */
function bothNames(was: string, is: string, { before, after }: Pick<StageDifference, 'before' | 'after'>) {
	if (was !== is || !before || !after) return { before: was, after: is };
	return getLocale() === 'en'
		? { before: before.name, after: after.name }
		: { before: before.nameEn, after: after.nameEn };
}

/** What of the rows is asked for. */
export interface RowFilter {
	kinds: RowKind[];
	cities: string[];
	text: string;
}

/** Whether a row is asked for; of kinds and cities any one is enough. */
export function isMeant(row: ComparisonRow, { kinds, cities, text }: RowFilter): boolean {
	const words = [row.name, ...row.differences.flatMap(({ label, before, after }) => [label, before, after])];
	const wanted = text.trim().toLowerCase();
	return (
		(kinds.length === 0 || kinds.some((kind) => row.kinds.includes(kind))) &&
		(cities.length === 0 || cities.some((city) => row.cities.includes(city))) &&
		(wanted === '' || words.some((word) => word.toLowerCase().includes(wanted)))
	);
}
