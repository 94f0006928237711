import {
	ADCODE_CHECK,
	type Check,
	DATE,
	ID,
	INTEGER_YUAN,
	NAME,
	TEXT,
	LABEL,
	TRUE,
	nullable,
	object,
	oneOf
} from './checks.ts';
import { isOrderKey } from './order-key.ts';
import { CONFIDENCES, MODALITIES, SCOPES } from '#domain/evidence.ts';
import { SECTORS } from '#domain/sectors.ts';
import { STATED_STAGES, TEMPLATES } from '#domain/stages.ts';

/**
 * What may stand under one key: a plain value, a map of plain values by id or code, or rich text.
 * Reader, mutators and the server's inspector all take their rules from here.
 */
export type FieldSpec =
	{ shape: 'value'; check: Check } | { shape: 'map'; key: Check; value: Check } | { shape: 'richtext' };

const value = (check: Check): FieldSpec => ({ shape: 'value', check });
const mapOf = (key: Check, member: Check): FieldSpec => ({ shape: 'map', key, value: member });

const ORDER: Check = (candidate) => (isOrderKey(candidate) ? null : 'is not an order key');

const EVIDENCE = object({
	document: ID,
	section: TEXT,
	date: DATE,
	stageWord: LABEL,
	stage: oneOf(STATED_STAGES),
	modality: oneOf(MODALITIES),
	scope: oneOf(SCOPES),
	confidence: oneOf(CONFIDENCES)
});
const FIGURE_VALUE: Check = (candidate) =>
	typeof candidate === 'number' && Number.isFinite(candidate) ? null : LABEL(candidate);

export const META_FIELDS: Readonly<Record<string, FieldSpec>> = {
	title: value(NAME),
	template: value(oneOf(TEMPLATES)),
	schema: value((candidate) => (candidate === 1 ? null : 'is not a known schema version'))
};

export const STAGE_FIELDS: Readonly<Record<string, FieldSpec>> = {
	name: value(NAME),
	nameEn: value(TEXT),
	order: value(ORDER)
};

export const PROJECT_FIELDS: Readonly<Record<string, FieldSpec>> = {
	name: value(NAME),
	nameEn: value(TEXT),
	originalName: value(nullable(NAME)),
	/** One value, so that a move is atomic. */
	place: value(object({ stage: ID, order: ORDER })),
	sector: value(oneOf(SECTORS)),
	subtype: value(nullable(LABEL)),
	kind: value(LABEL),
	leadCity: value(nullable(ADCODE_CHECK)),
	cities: mapOf(ADCODE_CHECK, TRUE),
	counties: mapOf(ADCODE_CHECK, TRUE),
	totalInvestmentYuan: value(nullable(INTEGER_YUAN)),
	investmentSource: value(nullable(TEXT)),
	investmentAsOf: value(nullable(DATE)),
	caveat: value(nullable(object({ zh: TEXT, en: TEXT }))),
	evidence: mapOf(ID, EVIDENCE),
	figures: mapOf(ID, object({ value: FIGURE_VALUE, unit: LABEL, document: nullable(ID) })),
	dependencies: mapOf(ID, object({ type: LABEL, basis: LABEL })),
	notes: { shape: 'richtext' }
};

/** The root types of a board document, and no others. */
export const ROOTS = ['meta', 'stages', 'projects'] as const;
export type Root = (typeof ROOTS)[number];
