import type { Project } from '#domain/board.ts';

/** A project of which only what a test is about is said; all else is as in a new one. */
export const someProject = (id: string, content: Partial<Project> = {}): Project => ({
	id,
	name: `项目 ${id}`,
	nameEn: '',
	originalName: null,
	stage: 'study',
	order: 'a0',
	sector: 'rail',
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
	hasNotes: false,
	...content
});
