import type { Project } from '#domain/board.ts';

/** What a person wants to see of a board; empty lists and an empty text hold nothing back. */
export interface BoardFilter {
	cities: string[];
	sectors: string[];
	text: string;
}

export const NO_FILTER: BoardFilter = { cities: [], sectors: [], text: '' };

/** Tells whether a filter holds anything back. */
export function isFiltering({ cities, sectors, text }: BoardFilter): boolean {
	return cities.length > 0 || sectors.length > 0 || text.trim() !== '';
}

/** Letters a name can be found by: the first of each character's reading. */
export type InitialsOf = (name: string) => string;

/** Spaces and punctuation are passed over: people type what they remember, not what stands there. */
const plain = (text: string) => text.toLowerCase().replace(/[\s\p{P}]/gu, '');

function hasText(project: Project, wanted: string, initialsOf: InitialsOf | undefined): boolean {
	if (plain(project.name).includes(wanted) || plain(project.nameEn).includes(wanted)) return true;
	if (project.originalName && plain(project.originalName).includes(wanted)) return true;
	return initialsOf !== undefined && /^[a-z0-9]+$/.test(wanted) && initialsOf(project.name).includes(wanted);
}

/** The test a project passes when the filter shows it. */
export function matcherOf(filter: BoardFilter, initialsOf?: InitialsOf): (project: Project) => boolean {
	const cities = new Set(filter.cities);
	const sectors = new Set(filter.sectors);
	const wanted = plain(filter.text);
	return (project) =>
		(cities.size === 0 || project.cities.some((city) => cities.has(city))) &&
		(sectors.size === 0 || sectors.has(project.sector)) &&
		(wanted === '' || hasText(project, wanted, initialsOf));
}
