import { PARTNER_CITIES, prefectureOf } from '#domain/cities.ts';
import { m } from '#lib/paraglide/messages.js';
import { cityFullName } from '#lib/signs/terms.ts';

/** A body people belong to, as forms offer it. */
export interface OrganisationChoice {
	id: string;
	name: string;
	nameEn: string;
	/** Adcode of the place it answers for. */
	place: string | null;
}

export interface OrganisationGroup {
	label: string;
	organisations: OrganisationChoice[];
}

const PROVINCE = '530000';
const FIRST: readonly string[] = [PROVINCE, ...PARTNER_CITIES];

/** Organisations by the place they answer for: the province, the partner cities, other prefectures, the rest. */
export function groupByPlace(organisations: readonly OrganisationChoice[]): OrganisationGroup[] {
	const groups = Map.groupBy(organisations, ({ place }) => (place ? prefectureOf(place) : ''));
	const others = [...groups.keys()].filter((place) => place !== '' && !FIRST.includes(place)).sort();
	return [...FIRST, ...others, ''].flatMap((place) => {
		const members = groups.get(place);
		if (!members) return [];
		return [{ label: place === '' ? m.account_other_places() : cityFullName(place), organisations: members }];
	});
}
