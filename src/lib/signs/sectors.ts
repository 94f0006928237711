import { m } from '#lib/paraglide/messages.js';
import { type Sector, isSector } from '#domain/sectors.ts';

const NAMES: Record<Sector, () => string> = {
	rail: m.sector_rail,
	hub: m.sector_hub,
	expressway: m.sector_expressway,
	road: m.sector_road,
	airport: m.sector_airport,
	ict: m.sector_ict,
	'waterway-port': m.sector_waterway_port,
	'water-supply': m.sector_water_supply,
	reservoir: m.sector_reservoir,
	river: m.sector_river,
	lake: m.sector_lake,
	'water-environment': m.sector_water_environment,
	ecology: m.sector_ecology,
	power: m.sector_power,
	'market-platform': m.sector_market_platform,
	'oil-gas': m.sector_oil_gas,
	'coal-logistics': m.sector_coal_logistics,
	'new-energy': m.sector_new_energy,
	municipal: m.sector_municipal,
	'public-service': m.sector_public_service,
	'industrial-park': m.sector_industrial_park,
	'urban-renewal': m.sector_urban_renewal,
	industry: m.sector_industry,
	'tech-innovation': m.sector_tech_innovation,
	'border-port': m.sector_border_port,
	finance: m.sector_finance,
	logistics: m.sector_logistics,
	agriculture: m.sector_agriculture,
	village: m.sector_village,
	'culture-tourism': m.sector_culture_tourism,
	health: m.sector_health,
	education: m.sector_education,
	planning: m.sector_planning
};

/** Groups of sectors; a group has one hue, a sector of it one icon. */
export const SECTOR_GROUPS = [
	'transport',
	'water',
	'energy',
	'network',
	'industry',
	'public',
	'planning'
] as const;
export type SectorGroup = (typeof SECTOR_GROUPS)[number];

const GROUPS: Record<Sector, SectorGroup> = {
	rail: 'transport',
	hub: 'transport',
	expressway: 'transport',
	road: 'transport',
	airport: 'transport',
	ict: 'network',
	'waterway-port': 'transport',
	'water-supply': 'water',
	reservoir: 'water',
	river: 'water',
	lake: 'water',
	'water-environment': 'water',
	ecology: 'water',
	power: 'energy',
	'market-platform': 'network',
	'oil-gas': 'energy',
	'coal-logistics': 'energy',
	'new-energy': 'energy',
	municipal: 'public',
	'public-service': 'public',
	'industrial-park': 'industry',
	'urban-renewal': 'public',
	industry: 'industry',
	'tech-innovation': 'industry',
	'border-port': 'transport',
	finance: 'industry',
	logistics: 'industry',
	agriculture: 'industry',
	village: 'public',
	'culture-tourism': 'public',
	health: 'public',
	education: 'public',
	planning: 'planning'
};

const GROUP_NAMES: Record<SectorGroup, () => string> = {
	transport: m.sector_group_transport,
	water: m.sector_group_water,
	energy: m.sector_group_energy,
	network: m.sector_group_network,
	industry: m.sector_group_industry,
	public: m.sector_group_public,
	planning: m.sector_group_planning
};

/** The sector's word in the reader's language; an unknown id as it is. */
export function sectorName(id: string): string {
	return isSector(id) ? NAMES[id]() : id;
}

/** The group a sector belongs to; `planning`, the plainest, for an unknown id. */
export function sectorGroup(id: string): SectorGroup {
	return isSector(id) ? GROUPS[id] : 'planning';
}

/** The group's word in the reader's language. */
export function sectorGroupName(group: SectorGroup): string {
	return GROUP_NAMES[group]();
}
