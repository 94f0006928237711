import type { Project } from '#domain/board.ts';

/** What of a project is filtered by. */
export interface Filtered extends Pick<Project, 'name' | 'nameEn' | 'cities' | 'sector'> {
	originalName?: string | null | undefined;
	/** First letters of the name's reading, where they are known beforehand. */
	initials?: string;
}

/** What a person wants to see of many projects; empty lists and an empty text hold nothing back. */
export interface ProjectFilter {
	cities: string[];
	sectors: string[];
	text: string;
}

export const NO_FILTER: ProjectFilter = { cities: [], sectors: [], text: '' };

/** Tells whether a filter holds anything back. */
export function isFiltering({ cities, sectors, text }: ProjectFilter): boolean {
	return cities.length > 0 || sectors.length > 0 || text.trim() !== '';
}

/** Letters a name can be found by: the first of each character's reading. */
export type InitialsOf = (name: string) => string;

/** Spaces and punctuation are passed over: people type what they remember, not what stands there. */
const plain = (text: string) => text.toLowerCase().replace(/[\s\p{P}]/gu, '');

function hasText(project: Filtered, wanted: string, initialsOf: InitialsOf | undefined): boolean {
	if (plain(project.name).includes(wanted) || plain(project.nameEn).includes(wanted)) return true;
	if (project.originalName && plain(project.originalName).includes(wanted)) return true;
	if (!/^[a-z0-9]+$/.test(wanted)) return false;
	return (project.initials ?? initialsOf?.(project.name))?.includes(wanted) === true;
}

/** The test a project passes when the filter shows it. */
export function matcherOf(filter: ProjectFilter, initialsOf?: InitialsOf): (project: Filtered) => boolean {
	const cities = new Set(filter.cities);
	const sectors = new Set(filter.sectors);
	const wanted = plain(filter.text);
	return (project) =>
		(cities.size === 0 || project.cities.some((city) => cities.has(city))) &&
		(sectors.size === 0 || sectors.has(project.sector)) &&
		(wanted === '' || hasText(project, wanted, initialsOf));
}
