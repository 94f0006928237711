import { m } from '#lib/paraglide/messages.js';
import { wordFor } from '#lib/signs/word-for.ts';

/** Units as the portfolio's figures hold them, in words of both languages. */
const UNITS: Readonly<Record<string, () => string>> = {
	hubs: m.unit_hubs,
	'yards in all': m.unit_yards,
	'channels in all': m.unit_channels,
	座: m.unit_dams,
	亿立方米: m.unit_water,
	'% 以上': m.unit_at_least_percent,
	programmes: m.unit_programmes,
	'万元 loans': m.unit_loans,
	'余家 enterprises': m.unit_enterprises,
	'km (over)': m.unit_km_over,
	套: m.unit_homes,
	pilots: m.unit_pilots,
	'亿元 以上': m.unit_at_least_yi,
	个以上: m.unit_at_least_items,
	条: m.unit_roads,
	党组织: m.unit_party,
	万个网格: m.unit_grids,
	业委会小区: m.unit_owners,
	物管会小区: m.unit_management,
	'万吨 (per year understood)': m.unit_tonnes,
	个: m.unit_items,
	bases: m.unit_bases,
	teachers: m.unit_teachers,
	students: m.unit_students,
	人次: m.unit_visits,
	行政村: m.unit_villages,
	年: m.unit_years,
	areas: m.unit_areas,
	项: m.unit_entries,
	'项 (provincial major projects and “重中之重”)': m.unit_provincial,
	'road corridors': m.unit_road_corridors,
	'rail corridors': m.unit_rail_corridors,
	'waterway corridors': m.unit_waterways,
	'件 handled': m.unit_handled
};

/** A figure's unit in the reader's language; a unit without such words (km², kV, %) as it is. */
export function figureUnit(unit: string): string {
	return wordFor(UNITS, unit);
}
