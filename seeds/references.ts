import { boardStageOf } from '#domain/stages.ts';
import type { Portfolio, PortfolioProject } from './schema.ts';

type Registers = { places: Set<string>; documents: Set<string>; projects: Set<string> };

function problemsOf(project: PortfolioProject, registers: Registers): string[] {
	const unknown = (list: string, ids: readonly string[], register: Set<string>) =>
		ids
			.filter((id) => !register.has(id))
			.map((id) => `projects.json: record ${project.id}: unknown ${list} ${id}`);
	const evidenceIds = project.evidence.map((item) => item.id);
	const problems = [
		...unknown('place', [...project.cities, ...project.counties], registers.places),
		...unknown(
			'document',
			project.evidence.map((item) => item.document),
			registers.documents
		),
		...unknown(
			'project',
			project.dependencies.map((item) => item.project),
			registers.projects
		)
	];
	if (new Set(evidenceIds).size < evidenceIds.length)
		problems.push(`projects.json: record ${project.id}: evidence id stands twice`);
	const ground = project.evidence.find((item) => item.id === project.stageEvidence);
	if (!ground)
		problems.push(`projects.json: record ${project.id}: stageEvidence names no evidence of its own`);
	else if (boardStageOf(ground.stage) !== project.stage) {
		problems.push(
			`projects.json: record ${project.id}: stage ${project.stage} is not what evidence ${ground.id} supports`
		);
	}
	return problems;
}

/** What points nowhere: unknown places, documents, projects, and stages their evidence does not support. */
export function findBrokenReferences(portfolio: Portfolio): string[] {
	const registers = {
		places: new Set(portfolio.places.map((place) => place.adcode)),
		documents: new Set(portfolio.documents.map((document) => document.id)),
		projects: new Set(portfolio.projects.map((project) => project.id))
	};
	return portfolio.projects.flatMap((project) => problemsOf(project, registers));
}
