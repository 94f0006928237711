import * as Y from 'yjs';
import {
	type Board,
	type Dependency,
	type Figure,
	type Project,
	type Stage,
	byOrder
} from '#domain/board.ts';
import { type Evidence, inDateOrder } from '#domain/evidence.ts';
import type { Template } from '#domain/stages.ts';
import { META_FIELDS, PROJECT_FIELDS, STAGE_FIELDS, type FieldSpec } from './fields.ts';
import { metaOf, projectsOf, stagesOf } from './schema.ts';

/** What the reader shows for a project whose name is missing or broken. */
const UNNAMED = '（未命名）';

/** A key's value if it fits its rule, else the fallback: a document is never too broken to be shown. */
function readValue<T>(
	map: Y.Map<unknown>,
	fields: Readonly<Record<string, FieldSpec>>,
	key: string,
	fallback: T
): T {
	const spec = fields[key];
	const value = map.get(key);
	if (spec?.shape !== 'value' || value === undefined || spec.check(value) !== null) return fallback;
	return value as T;
}

/** The entries of a map field that fit their rules, in the order of their keys. */
function readEntries(project: Y.Map<unknown>, key: string): [string, unknown][] {
	const spec = PROJECT_FIELDS[key];
	const map = project.get(key);
	if (spec?.shape !== 'map' || !(map instanceof Y.Map)) return [];
	return [...map.entries()]
		.filter(([id, value]) => spec.key(id) === null && spec.value(value) === null)
		.sort(([a], [b]) => (a < b ? -1 : 1));
}

function readRecords<T extends object>(project: Y.Map<unknown>, key: string): (T & { id: string })[] {
	return readEntries(project, key).map(([id, value]) => ({ ...(value as T), id }));
}

/**
 * One project as the board shows it; a broken value reads as if it were not there.
 * @param stageIds the board's stages: a project in none of them stands in `fallbackStage`
 */
export function readProject(
	id: string,
	project: Y.Map<unknown>,
	stageIds: ReadonlySet<string>,
	fallbackStage: string
): Project {
	const read = <T>(key: string, fallback: T) => readValue(project, PROJECT_FIELDS, key, fallback);
	const place = read('place', { stage: fallbackStage, order: '' });
	const notes = project.get('notes');
	return {
		id,
		name: read('name', UNNAMED),
		nameEn: read('nameEn', ''),
		originalName: read<string | null>('originalName', null),
		stage: stageIds.has(place.stage) ? place.stage : fallbackStage,
		order: place.order,
		sector: read('sector', 'planning'),
		subtype: read<string | null>('subtype', null),
		kind: read('kind', 'project'),
		leadCity: read<string | null>('leadCity', null),
		cities: readEntries(project, 'cities').map(([code]) => code),
		counties: readEntries(project, 'counties').map(([code]) => code),
		totalInvestmentYuan: read<number | null>('totalInvestmentYuan', null),
		investmentSource: read<string | null>('investmentSource', null),
		investmentAsOf: read<string | null>('investmentAsOf', null),
		caveat: read<Project['caveat']>('caveat', null),
		evidence: inDateOrder(readRecords<Omit<Evidence, 'id'>>(project, 'evidence')),
		figures: readRecords<Omit<Figure, 'id'>>(project, 'figures'),
		dependencies: readRecords<Omit<Dependency, 'project'>>(project, 'dependencies').map(
			({ id: other, ...rest }) => ({
				...rest,
				project: other
			})
		),
		hasNotes: notes instanceof Y.XmlFragment && notes.length > 0
	};
}

/** The stages from left to right. */
export function readStages(doc: Y.Doc): Stage[] {
	const stages: Stage[] = [];
	for (const [id, stage] of stagesOf(doc)) {
		if (!(stage instanceof Y.Map)) continue;
		const read = <T>(key: string, fallback: T) => readValue(stage, STAGE_FIELDS, key, fallback);
		stages.push({ id, name: read('name', id), nameEn: read('nameEn', ''), order: read('order', '') });
	}
	return stages.sort(byOrder);
}

/** Title and template of the board. */
export function readMeta(doc: Y.Doc): { title: string; template: Template } {
	const meta = metaOf(doc);
	return {
		title: readValue(meta, META_FIELDS, 'title', ''),
		template: readValue<Template>(meta, META_FIELDS, 'template', 'stages')
	};
}

/** The whole board as plain values, equal for equal documents. */
export function readBoard(doc: Y.Doc): Board {
	const stages = readStages(doc);
	const rank = new Map(stages.map((stage, index) => [stage.id, index]));
	const stageIds = new Set(rank.keys());
	const fallback = stages[0]?.id ?? '';
	const projects: Project[] = [];
	for (const [id, project] of projectsOf(doc)) {
		if (project instanceof Y.Map) projects.push(readProject(id, project, stageIds, fallback));
	}
	projects.sort((a, b) => (rank.get(a.stage) ?? 0) - (rank.get(b.stage) ?? 0) || byOrder(a, b));
	return { ...readMeta(doc), stages, projects };
}
