export const SECTORS = [
	'rail',
	'hub',
	'expressway',
	'road',
	'airport',
	'ict',
	'waterway-port',
	'water-supply',
	'reservoir',
	'river',
	'lake',
	'water-environment',
	'ecology',
	'power',
	'market-platform',
	'oil-gas',
	'coal-logistics',
	'new-energy',
	'municipal',
	'public-service',
	'industrial-park',
	'urban-renewal',
	'industry',
	'tech-innovation',
	'border-port',
	'finance',
	'logistics',
	'agriculture',
	'village',
	'culture-tourism',
	'health',
	'education',
	'planning'
] as const;
export type Sector = (typeof SECTORS)[number];

/** Tells whether `value` is one of the closed list of sectors. */
export function isSector(value: unknown): value is Sector {
	return SECTORS.includes(value as Sector);
}
