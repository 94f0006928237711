import type { Project, Stage } from '#domain/board.ts';
import type { ChangeValue } from '#domain/change.ts';
import { type Evidence, inDateOrder } from '#domain/evidence.ts';
import type { Template } from '#domain/stages.ts';

type Values = { [key: string]: ChangeValue };
const isRecord = (value: ChangeValue): value is Values =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** A project of which nothing is known, as the reader of documents shows it. */
const unknownProject = (id: string): Project => ({
	id,
	name: '（未命名）',
	nameEn: '',
	originalName: null,
	stage: '',
	order: '',
	sector: 'planning',
	subtype: null,
	kind: 'project',
	leadCity: null,
	cities: [],
	counties: [],
	totalInvestmentYuan: null,
	investmentSource: null,
	investmentAsOf: null,
	caveat: null,
	evidence: [],
	figures: [],
	dependencies: [],
	hasNotes: false
});

const withCode = (codes: readonly string[], code: string, isIn: boolean) =>
	isIn ? [...new Set([...codes, code])].sort() : codes.filter((other) => other !== code);

/** A list of records with one exchanged, added or (null) taken out, in the order of their keys. */
function withRecord<T extends object>(
	records: readonly T[],
	key: keyof T & string,
	[member, value]: [string, ChangeValue]
): T[] {
	const others = records.filter((record) => record[key] !== member);
	if (!isRecord(value)) return others;
	const record = { ...value, [key]: member } as unknown as T;
	return [...others, record].sort((a, b) => (String(a[key]) < String(b[key]) ? -1 : 1));
}

/** Sets one entry of a set or list of a project; null takes it out. */
function withEntry(project: Project, field: string, entry: [string, ChangeValue]): Project {
	const [member, value] = entry;
	switch (field) {
		case 'cities':
		case 'counties':
			return { ...project, [field]: withCode(project[field], member, value !== null) };
		case 'evidence':
			return { ...project, evidence: inDateOrder(withRecord<Evidence>(project.evidence, 'id', entry)) };
		case 'figures':
			return { ...project, figures: withRecord(project.figures, 'id', entry) };
		case 'dependencies':
			return { ...project, dependencies: withRecord(project.dependencies, 'project', entry) };
		default:
			return project;
	}
}

/** Sets a field of a project, or one entry of it, to what a change row says; null = nothing was there. */
export function withValue(
	project: Project,
	{ field, member, value }: { field: string; member: string | null; value: ChangeValue }
): Project {
	if (member !== null) return withEntry(project, field, [member, value]);
	if (field === 'notes') return { ...project, hasNotes: typeof value === 'string' && value !== '' };
	if (field === 'place') {
		const { stage = '', order = '' } = isRecord(value) ? value : {};
		return { ...project, stage: String(stage), order: String(order) };
	}
	const fallback = unknownProject(project.id)[field as keyof Project];
	return { ...project, [field]: value ?? fallback };
}

/** A project as a row of its removal keeps it: its fields by their keys, sets and lists as records. */
export function projectOf(id: string, picture: ChangeValue): Project {
	let project = unknownProject(id);
	for (const [field, value] of Object.entries(isRecord(picture) ? picture : {})) {
		const isMap = ['cities', 'counties', 'evidence', 'figures', 'dependencies'].includes(field);
		if (!isMap) project = withValue(project, { field, member: null, value });
		else
			for (const [member, entry] of Object.entries(isRecord(value) ? value : {}))
				project = withValue(project, { field, member, value: entry });
	}
	return project;
}

/** A stage as a row of its removal keeps it. */
export function stageOf(id: string, picture: ChangeValue): Stage {
	const { name = id, nameEn = '', order = '' } = isRecord(picture) ? picture : {};
	return { id, name: String(name), nameEn: String(nameEn), order: String(order) };
}

/** Sets a field of a stage to what a change row says. */
export function withStageValue(stage: Stage, field: string, value: ChangeValue): Stage {
	const fallback = field === 'name' ? stage.id : '';
	return { ...stage, [field]: value === null ? fallback : String(value) };
}

/** Sets one of the board's own fields to what a change row says. */
export function withMetaValue<T extends { title: string; template: Template }>(
	meta: T,
	field: string,
	value: ChangeValue
): T {
	if (field === 'title') return { ...meta, title: typeof value === 'string' ? value : '' };
	return field === 'template' ? { ...meta, template: (value ?? 'stages') as Template } : meta;
}
