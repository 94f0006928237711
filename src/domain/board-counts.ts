import { type Board, knownInvestment, type Project } from './board.ts';

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

/** Counts projects and sums their known investments. */
export function countsOf(projects: readonly Project[]): Counts {
	return { projects: projects.length, ...knownInvestment(projects) };
}

/** Each stage at two moments, in the order of the later one; stages that have gone follow. */
export function countsByStage(before: Board, after: Board): ByPart[] {
	const ids = new Set([...after.stages, ...before.stages].map(({ id }) => id));
	const partsOf = ({ stage }: Project) => [stage];
	return countsByPart([...ids], { before, after, partsOf });
}

/** Each city at two moments, by code; a project of several cities counts in each with its whole investment. */
export function countsByCity(before: Board, after: Board): ByPart[] {
	const partsOf = ({ cities }: Project) => (cities.length > 0 ? cities : [null]);
	const all = [...before.projects, ...after.projects];
	const codes = [...new Set(all.flatMap(({ cities }) => cities))].sort();
	const hasNowhere = all.some(({ cities }) => cities.length === 0);
	return countsByPart([...codes, ...(hasNowhere ? [null] : [])], { before, after, partsOf });
}

function countsByPart(
	ids: readonly (string | null)[],
	{
		before,
		after,
		partsOf
	}: { before: Board; after: Board; partsOf(project: Project): readonly (string | null)[] }
): ByPart[] {
	const [old, now] = [before, after].map(({ projects }) => {
		const byPart = new Map<string | null, Project[]>(ids.map((id) => [id, []]));
		for (const project of projects) for (const id of partsOf(project)) byPart.get(id)?.push(project);
		return byPart;
	});
	return ids.map((id) => ({ id, before: countsOf(old!.get(id)!), after: countsOf(now!.get(id)!) }));
}
