import type { StatedStage } from './stages.ts';
import { comparePartialDates, yearOf } from './dates.ts';

export const MODALITIES = ['fact', 'directive', 'target'] as const;
export const SCOPES = ['exact', 'broader', 'different area', 'context'] as const;
export const CONFIDENCES = ['high', 'medium', 'low', 'none', 'n/a'] as const;
export type Modality = (typeof MODALITIES)[number];
export type Scope = (typeof SCOPES)[number];
export type Confidence = (typeof CONFIDENCES)[number];

/** What one document said about a project on its date: no more than that. */
export interface Evidence {
	id: string;
	/** Id of the document in the portfolio's register. */
	document: string;
	section: string;
	/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: as exact as the document itself. */
	date: string;
	/** The few characters of the text that speak of the stage. */
	stageWord: string;
	stage: StatedStage;
	modality: Modality;
	scope: Scope;
	confidence: Confidence;
}

/** Evidence in the order of its documents' dates, oldest first, ties by id. */
export function inDateOrder(evidence: readonly Evidence[]): Evidence[] {
	return [...evidence].sort((a, b) => comparePartialDates(a.date, b.date) || (a.id < b.id ? -1 : 1));
}

/** The newest evidence about the project itself, else the newest of any scope. */
export function newestEvidence(evidence: readonly Evidence[]): Evidence | undefined {
	const exact = evidence.filter((item) => item.scope === 'exact');
	return inDateOrder(exact.length > 0 ? exact : evidence).at(-1);
}

/** A card needs checking (待核实) when no document of `year` or later speaks of it. */
export function isToVerify(evidence: readonly Evidence[], year: number): boolean {
	return !evidence.some((item) => yearOf(item.date) >= year);
}

/** The year of the newest documents: what no document since then speaks of carries 待核实. */
export const VERIFIED_SINCE_YEAR = 2026;
