import type { Confidence, Modality, Scope } from '#domain/evidence.ts';
import type { Role } from '#domain/roles.ts';
import type { StatedStage, Template } from '#domain/stages.ts';
import { m } from '#lib/paraglide/messages.js';
import { wordFor } from './word-for.ts';

export { cityFullName, cityName } from './cities.ts';
export { type SectorGroup, SECTOR_GROUPS, sectorGroup, sectorGroupName, sectorName } from './sectors.ts';
export { stageName } from './stages.ts';
export { fieldName } from './fields.ts';

const STATED: Record<StatedStage, () => string> = {
	study: m.stated_study,
	preparation: m.stated_preparation,
	planned: m.stated_planned,
	signed: m.stated_signed,
	starting: m.stated_starting,
	construction: m.stated_construction,
	completing: m.stated_completing,
	operating: m.stated_operating,
	programme: m.stated_programme,
	unclear: m.stated_unclear
};

const MODALITIES: Record<Modality, readonly [word: () => string, meaning: () => string]> = {
	fact: [m.modality_fact, m.modality_fact_meaning],
	directive: [m.modality_directive, m.modality_directive_meaning],
	target: [m.modality_target, m.modality_target_meaning]
};

const SCOPES: Record<Scope, () => string> = {
	exact: m.scope_exact,
	broader: m.scope_broader,
	'different area': m.scope_different_area,
	context: m.scope_context
};

const CONFIDENCES: Record<Confidence, () => string> = {
	high: m.confidence_high,
	medium: m.confidence_medium,
	low: m.confidence_low,
	none: m.confidence_none,
	'n/a': m.confidence_n_a
};

const ROLES: Record<Role, () => string> = {
	owner: m.role_owner,
	coordinator: m.role_coordinator,
	planner: m.role_planner,
	commenter: m.role_commenter,
	viewer: m.role_viewer,
	auditor: m.role_auditor
};

const TEMPLATES: Record<Template, () => string> = {
	stages: m.template_stages,
	investment: m.template_investment
};

const KINDS: Readonly<Record<string, () => string>> = {
	project: m.kind_project,
	programme: m.kind_programme,
	existing: m.kind_existing,
	platform: m.kind_platform,
	plan: m.kind_plan
};

const DEPENDENCIES: Readonly<Record<string, () => string>> = {
	needs: m.dependency_needs,
	continues: m.dependency_continues,
	part_of: m.dependency_part_of,
	joins: m.dependency_joins,
	serves: m.dependency_serves,
	follows: m.dependency_follows,
	precedes: m.dependency_precedes,
	related: m.dependency_related
};

const BASES: Readonly<Record<string, () => string>> = {
	stated: m.basis_stated,
	implied: m.basis_implied,
	'general knowledge': m.basis_general_knowledge
};

/** What a document's words say of the stage, finer than the board's columns. */
export const statedStageName = (stage: StatedStage): string => STATED[stage]();
/** How the document words it: as fact, order or goal. */
export const modalityName = (modality: Modality): string => MODALITIES[modality][0]();
/** One sentence on what a wording is worth. */
export const modalityMeaning = (modality: Modality): string => MODALITIES[modality][1]();
/** What the statement is about: the project itself or something around it. */
export const scopeName = (scope: Scope): string => SCOPES[scope]();
/** How sure the reading of the document is. */
export const confidenceName = (confidence: Confidence): string => CONFIDENCES[confidence]();
/** The role's word in the reader's language. */
export const roleName = (role: Role): string => ROLES[role]();
/** The word for a board's layout. */
export const templateName = (template: Template): string => TEMPLATES[template]();
/** Project, programme, platform …; an unknown kind as it is. */
export const kindName = (kind: string): string => wordFor(KINDS, kind);
/** How one project depends on another; an unknown type as it is. */
export const dependencyName = (type: string): string => wordFor(DEPENDENCIES, type);
/** Where a statement comes from; an unknown basis as it is. */
export const basisName = (basis: string): string => wordFor(BASES, basis);
