import { type Board, byOrder, type Project, type Stage } from './board.ts';
import { comparePartialDates } from './dates.ts';
import { newestEvidence } from './evidence.ts';
import { boardStageOf } from './stages.ts';

/** Where projects stand that no document spoke of by then: not a stage, but the absence of any word. */
export const UNMENTIONED: Stage = { id: 'unmentioned', name: '', nameEn: '', order: '' };

/** The dates of all documents that speak of a board's projects, oldest first, with how many statements they hold. */
export function documentDatesOf({ projects }: Board): { date: string; statements: number }[] {
	const byDate = Map.groupBy(
		projects.flatMap(({ evidence }) => evidence),
		({ date }) => date
	);
	return [...byDate]
		.map(([date, items]) => ({ date, statements: items.length }))
		.sort((a, b) => comparePartialDates(a.date, b.date));
}

/**
 * A board as the documents up to a date speak of it: each project in the stage its newest document supports, with the
 * values that were known by then. What nobody had written yet is not known, and stands apart.
 * @param dateOf date of a document of the register
 */
export function boardAsSaid(
	board: Board,
	date: string,
	dateOf: (documentId: string) => string | undefined
): Board {
	const wasThere = (other: string | null | undefined) =>
		typeof other === 'string' && comparePartialDates(other, date) <= 0;
	const said = board.projects.map((project) => projectAsSaid(project, { wasThere, dateOf }));
	const needed = new Set(said.map(({ stage }) => stage));
	const missing = [...needed].filter((id) => !board.stages.some((stage) => stage.id === id));
	const stages = [
		...board.stages,
		...missing.filter((id) => id !== UNMENTIONED.id).map((id) => ({ ...UNMENTIONED, id })),
		...(needed.has(UNMENTIONED.id) ? [UNMENTIONED] : [])
	];
	const position = new Map(stages.map(({ id }, index) => [id, index]));
	const placeOf = ({ stage }: Project) => position.get(stage) ?? stages.length;
	return { ...board, stages, projects: said.sort((a, b) => placeOf(a) - placeOf(b) || byOrder(a, b)) };
}

interface Then {
	wasThere(date: string | null | undefined): boolean;
	dateOf(documentId: string): string | undefined;
}

function projectAsSaid(project: Project, { wasThere, dateOf }: Then): Project {
	const evidence = project.evidence.filter(({ date }) => wasThere(date));
	const newest = newestEvidence(evidence);
	const isKnown = wasThere(project.investmentAsOf);
	return {
		...project,
		stage: newest ? boardStageOf(newest.stage) : UNMENTIONED.id,
		evidence,
		figures: project.figures.filter(({ document }) => document !== null && wasThere(dateOf(document))),
		totalInvestmentYuan: isKnown ? project.totalInvestmentYuan : null,
		investmentSource: isKnown ? project.investmentSource : null,
		investmentAsOf: isKnown ? project.investmentAsOf : null,
		// our own words of today: no document of that date holds them
		caveat: null,
		dependencies: [],
		hasNotes: false
	};
}
