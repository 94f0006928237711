import type { Evidence } from './evidence.ts';
import type { Template } from './stages.ts';

export interface Stage {
	id: string;
	/** Chinese name, shown in the Chinese interface. */
	name: string;
	nameEn: string;
	/** Order key among the stages, ascending from the left. */
	order: string;
}

/** A quantity a document states about a project, in the document's own unit. */
export interface Figure {
	id: string;
	value: number | string;
	unit: string;
	document: string | null;
}

/** Another project this one needs, follows or belongs to. */
export interface Dependency {
	/** Id of the other project, which may stand on the board or in the library. */
	project: string;
	type: string;
	/** `stated` in a document, `implied` by it, or `general knowledge`. */
	basis: string;
}

export interface Project {
	id: string;
	name: string;
	nameEn: string;
	/** The name as printed, where a misprint was corrected; else null. */
	originalName: string | null;
	stage: string;
	order: string;
	sector: string;
	subtype: string | null;
	kind: string;
	leadCity: string | null;
	/** Prefecture codes, ascending. */
	cities: string[];
	/** County codes, ascending. */
	counties: string[];
	/** Integer yuan; null where no source states it. */
	totalInvestmentYuan: number | null;
	investmentSource: string | null;
	investmentAsOf: string | null;
	/** Our own remark on what is uncertain, Chinese and English. */
	caveat: { zh: string; en: string } | null;
	evidence: Evidence[];
	figures: Figure[];
	dependencies: Dependency[];
	/** Whether somebody wrote notes; their rich text is read only where it is shown. */
	hasNotes: boolean;
}

export interface Board {
	title: string;
	template: Template;
	stages: Stage[];
	/** In reading order: by stage, then order key, ties by id. */
	projects: Project[];
}

/** Orders two things by their keys; equal keys, which people apart may pick, are ordered by id. */
export function byOrder(a: { order: string; id: string }, b: { order: string; id: string }): number {
	if (a.order !== b.order) return a.order < b.order ? -1 : 1;
	return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The projects of one stage from top to bottom. */
export function projectsIn(board: Board, stageId: string): Project[] {
	return board.projects.filter((project) => project.stage === stageId).sort(byOrder);
}

/** Sum of the known investments in yuan and how many projects have one. */
export function knownInvestment(projects: readonly Project[]): { yuan: number; known: number } {
	const amounts = projects.flatMap((project) => project.totalInvestmentYuan ?? []);
	return { yuan: amounts.reduce((sum, amount) => sum + amount, 0), known: amounts.length };
}
