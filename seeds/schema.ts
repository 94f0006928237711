import * as v from 'valibot';
import { isPartialDate } from '#domain/dates.ts';
import { CONFIDENCES, MODALITIES, SCOPES } from '#domain/evidence.ts';
import { isAdcode, isId } from '#domain/ids.ts';
import { NAME_MAX_CHARS } from '#domain/limits.ts';
import { SECTORS } from '#domain/sectors.ts';
import { ENGINEERING_STAGES, INVESTMENT_STAGES, STATED_STAGES, TEMPLATES } from '#domain/stages.ts';

/** A stage word is a few characters, never a sentence of the document. */
const STAGE_WORD_MAX_CHARS = 40;

const name = v.pipe(v.string(), v.nonEmpty(), v.maxLength(NAME_MAX_CHARS));
const text = v.pipe(v.string(), v.nonEmpty(), v.maxLength(400));
const id = v.pipe(
	v.string(),
	v.check((value: string) => isId(value), 'is not an id')
);
const adcode = v.pipe(
	v.string(),
	v.check((value: string) => isAdcode(value), 'is not a six-digit division code')
);
const date = v.pipe(
	v.string(),
	v.check((value: string) => isPartialDate(value), 'is not a date YYYY, YYYY-MM or YYYY-MM-DD')
);
const bilingual = v.strictObject({ zh: text, en: text });
const basis = v.picklist(['document', 'general knowledge']);

export const PlaceRecord = v.strictObject({
	adcode,
	nameZh: name,
	nameEn: name,
	level: name,
	parent: v.optional(adcode)
});
export const PlanningAreaRecord = v.strictObject({
	id,
	nameZh: name,
	nameEn: name,
	kind: name,
	parent: v.optional(id),
	members: v.optional(v.array(adcode), []),
	document: id
});
export const OrganisationRecord = v.strictObject({
	id,
	nameZh: name,
	nameEn: name,
	kind: name,
	place: v.optional(adcode),
	basis
});
export const WorkingGroupRecord = v.strictObject({ id, nameZh: name, nameEn: name, organisation: id });
export const DocumentRecord = v.strictObject({
	id,
	short: name,
	shortEn: name,
	titleZh: name,
	titleEn: name,
	issuerZh: name,
	kind: name,
	date,
	datePrecision: v.picklist(['inferred', 'year', 'month', 'day', 'year inferred']),
	dateCertainty: v.picklist(['certain', 'high', 'medium-high', 'medium']),
	dateBasis: bilingual
});
export const SectorRecord = v.strictObject({
	id: v.picklist(SECTORS),
	nameZh: name,
	nameEn: name,
	group: v.picklist(['transport', 'water', 'energy', 'network', 'industry', 'public', 'planning'])
});
export const StageRecord = v.strictObject({
	id: v.picklist([...ENGINEERING_STAGES, ...INVESTMENT_STAGES]),
	nameZh: name,
	nameEn: name,
	template: v.picklist(TEMPLATES),
	side: v.boolean()
});
export const EvidenceRecord = v.strictObject({
	id,
	document: id,
	section: v.pipe(v.string(), v.maxLength(80)),
	date,
	stageWord: v.pipe(v.string(), v.nonEmpty(), v.maxLength(STAGE_WORD_MAX_CHARS)),
	stage: v.picklist(STATED_STAGES),
	modality: v.picklist(MODALITIES),
	scope: v.picklist(SCOPES),
	confidence: v.picklist(CONFIDENCES)
});
export const ProjectRecord = v.strictObject({
	id,
	name,
	nameEn: name,
	originalName: v.optional(name),
	kind: v.picklist(['project', 'programme', 'existing', 'platform', 'plan']),
	sector: v.picklist(SECTORS),
	subtype: v.optional(name),
	leadCity: v.optional(adcode),
	cities: v.optional(v.array(adcode), []),
	counties: v.optional(v.array(adcode), []),
	/** Whether the places stand in the documents or were added from general knowledge. */
	placeBasis: v.picklist(['text', 'general']),
	/** The column the newest evidence supports. */
	stage: v.picklist(ENGINEERING_STAGES),
	/** The evidence it rests on. */
	stageEvidence: id,
	/** The newest document contradicts itself about the stage. */
	stageConflict: v.optional(v.literal(true)),
	/** Whether a document of 2026 speaks of it. */
	verified: v.boolean(),
	/** Place on the default board, from 1; without one it stands in the library only. */
	boardOrder: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
	evidence: v.pipe(v.array(EvidenceRecord), v.minLength(1)),
	figures: v.optional(
		v.array(
			v.strictObject({ id, value: v.union([v.pipe(v.number(), v.finite()), name]), unit: name, document: id })
		),
		[]
	),
	dependencies: v.optional(v.array(v.strictObject({ project: id, type: name, basis: name })), []),
	caveat: v.optional(bilingual)
});

export type Place = v.InferOutput<typeof PlaceRecord>;
export type PlanningArea = v.InferOutput<typeof PlanningAreaRecord>;
export type Organisation = v.InferOutput<typeof OrganisationRecord>;
export type WorkingGroup = v.InferOutput<typeof WorkingGroupRecord>;
export type SourceDocument = v.InferOutput<typeof DocumentRecord>;
export type SectorEntry = v.InferOutput<typeof SectorRecord>;
export type StageEntry = v.InferOutput<typeof StageRecord>;
export type PortfolioProject = v.InferOutput<typeof ProjectRecord>;

/** All the program starts with: registers of places, bodies and documents, and the projects. */
export interface Portfolio {
	places: Place[];
	planningAreas: PlanningArea[];
	organisations: Organisation[];
	workingGroups: WorkingGroup[];
	documents: SourceDocument[];
	sectors: SectorEntry[];
	stages: StageEntry[];
	projects: PortfolioProject[];
}

/** Which file holds which list, and the rule of its records. */
export const FILES = {
	places: { file: 'places.json', record: PlaceRecord, key: 'adcode' },
	planningAreas: { file: 'planning-areas.json', record: PlanningAreaRecord, key: 'id' },
	organisations: { file: 'organisations.json', record: OrganisationRecord, key: 'id' },
	workingGroups: { file: 'working-groups.json', record: WorkingGroupRecord, key: 'id' },
	documents: { file: 'documents.json', record: DocumentRecord, key: 'id' },
	sectors: { file: 'sectors.json', record: SectorRecord, key: 'id' },
	stages: { file: 'stages.json', record: StageRecord, key: 'id' },
	projects: { file: 'projects.json', record: ProjectRecord, key: 'id' }
} as const;
