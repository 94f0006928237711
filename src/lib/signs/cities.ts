import { m } from '#lib/paraglide/messages.js';

/** Short and full words for Yunnan, its prefectures and the neighbours the documents name, by GB/T 2260 code. */
const NAMES: Readonly<Record<string, readonly [short: () => string, full: () => string]>> = {
	'530000': [m.city_530000, m.city_full_530000],
	'530100': [m.city_530100, m.city_full_530100],
	'530300': [m.city_530300, m.city_full_530300],
	'530400': [m.city_530400, m.city_full_530400],
	'530500': [m.city_530500, m.city_full_530500],
	'530600': [m.city_530600, m.city_full_530600],
	'530700': [m.city_530700, m.city_full_530700],
	'530800': [m.city_530800, m.city_full_530800],
	'530900': [m.city_530900, m.city_full_530900],
	'532300': [m.city_532300, m.city_full_532300],
	'532500': [m.city_532500, m.city_full_532500],
	'532600': [m.city_532600, m.city_full_532600],
	'532800': [m.city_532800, m.city_full_532800],
	'532900': [m.city_532900, m.city_full_532900],
	'533100': [m.city_533100, m.city_full_533100],
	'533300': [m.city_533300, m.city_full_533300],
	'533400': [m.city_533400, m.city_full_533400],
	'500000': [m.city_500000, m.city_full_500000],
	'510000': [m.city_510000, m.city_full_510000],
	'450000': [m.city_450000, m.city_full_450000],
	'440000': [m.city_440000, m.city_full_440000],
	'520000': [m.city_520000, m.city_full_520000],
	'310000': [m.city_310000, m.city_full_310000],
	'451000': [m.city_451000, m.city_full_451000]
};

/** The short word for a prefecture (昆明, Kunming); an unknown code as it is. */
export function cityName(adcode: string): string {
	return NAMES[adcode]?.[0]() ?? adcode;
}

/** The full name of a prefecture (昆明市, 楚雄彝族自治州); an unknown code as it is. */
export function cityFullName(adcode: string): string {
	return NAMES[adcode]?.[1]() ?? adcode;
}
