import type { Board, Project } from './board.ts';

/** How many projects, and what of their investments is known. */
export interface Counts {
	projects: number;
	/** Sum of the known investments. */
	yuan: number;
	/** Of how many projects one is known. */
	known: number;
}

/** A stage or city at two moments; `id` is null for projects in no city. */
export interface ByPart {
	id: string | null;
	before: Counts;
	after: Counts;
}

const none = (): Counts => ({ projects: 0, yuan: 0, known: 0 });

function count(counts: Counts, { totalInvestmentYuan }: Project): void {
	counts.projects += 1;
	if (totalInvestmentYuan === null) return;
	counts.yuan += totalInvestmentYuan;
	counts.known += 1;
}

/** Counts projects and sums their known investments. */
export function countsOf(projects: readonly Project[]): Counts {
	const counts = none();
	for (const project of projects) count(counts, project);
	return counts;
}

/** Each stage at two moments, in the order of the later one; stages that have gone follow. */
export function countsByStage(before: Board, after: Board): ByPart[] {
	const parts = new Parts();
	for (const { id } of [...after.stages, ...before.stages]) parts.of(id);
	for (const project of before.projects) count(parts.of(project.stage).before, project);
	for (const project of after.projects) count(parts.of(project.stage).after, project);
	return parts.list();
}

/** Each city at two moments, by code; a project of several cities counts in each with its whole investment. */
export function countsByCity(before: Board, after: Board): ByPart[] {
	const parts = new Parts();
	const citiesOf = ({ cities }: Project) => (cities.length > 0 ? cities : NOWHERE);
	for (const project of before.projects)
		for (const city of citiesOf(project)) count(parts.of(city).before, project);
	for (const project of after.projects)
		for (const city of citiesOf(project)) count(parts.of(city).after, project);
	return parts.list().sort((a, b) => (a.id === null ? 1 : b.id === null ? -1 : a.id < b.id ? -1 : 1));
}

const NOWHERE = [null];

/** Parts in the order they were first named. */
class Parts {
	readonly #parts = new Map<string | null, ByPart>();

	of(id: string | null): ByPart {
		const known = this.#parts.get(id);
		if (known) return known;
		const part = { id, before: none(), after: none() };
		this.#parts.set(id, part);
		return part;
	}

	list(): ByPart[] {
		return [...this.#parts.values()];
	}
}
