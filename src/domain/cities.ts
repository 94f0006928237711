/** The sixteen prefectures of Yunnan by GB/T 2260 code, in the standard's order. */
export const PREFECTURES = [
	'530100',
	'530300',
	'530400',
	'530500',
	'530600',
	'530700',
	'530800',
	'530900',
	'532300',
	'532500',
	'532600',
	'532800',
	'532900',
	'533100',
	'533300',
	'533400'
] as const;
export type Prefecture = (typeof PREFECTURES)[number];

/** The five cities that plan on the default board, in the order their filters are shown. */
export const PARTNER_CITIES: readonly Prefecture[] = ['530100', '530400', '530300', '532300', '532500'];

/** The prefecture a division code lies in: its first four digits and `00`. */
export function prefectureOf(adcode: string): string {
	return `${adcode.slice(0, 4)}00`;
}
