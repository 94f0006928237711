import { AMOUNT_MAX_YUAN } from '#domain/limits.ts';

/** What is wrong with a typed amount. */
export type AmountProblem = 'not-a-number' | 'negative' | 'part-of-a-yuan' | 'too-large';

/** A unit may follow the number; without one the amount is in 亿元. Value: decimal places the unit moves by. */
const PLACES: Readonly<Record<string, number>> = { '': 8, 亿: 8, 亿元: 8, 万: 4, 万元: 4, 元: 0 };
const YI_PLACES = 8;
const AMOUNT = /^([-−]?)(\d*)(?:\.(\d*))?(\D*)$/;

/** Whole yuan of digits before and after the point, or the problem with them. Digits, since 0.07 is no binary number. */
function wholeYuan(whole: string, fraction: string, places: number): number | AmountProblem {
	const beyond = fraction.slice(places);
	if (/[1-9]/.test(beyond)) return 'part-of-a-yuan';
	const yuan = BigInt(`${whole || '0'}${fraction.slice(0, places).padEnd(places, '0')}`);
	return yuan > BigInt(AMOUNT_MAX_YUAN) ? 'too-large' : Number(yuan);
}

/**
 * The yuan somebody means by `12.34` (亿元), `8500万元` or `1,234,000 元`; nothing typed means unknown.
 * Full-width digits, thousands separators and spaces are understood.
 * @returns whole yuan, null for unknown, or what is wrong
 */
export function parseAmount(text: string): number | null | AmountProblem {
	const typed = text.normalize('NFKC').replaceAll(/[\s,，'’]/g, '');
	if (typed === '') return null;
	const [, sign, whole = '', fraction = '', unit = ''] = AMOUNT.exec(typed) ?? [];
	const places = Object.hasOwn(PLACES, unit) ? PLACES[unit] : undefined;
	if (places === undefined || whole + fraction === '') return 'not-a-number';
	const yuan = wholeYuan(whole, fraction, places);
	return sign && yuan !== 0 ? 'negative' : yuan;
}

/** An amount as one types it: in 亿元 with all decimals it needs and no more; unknown = empty. */
export function amountToType(yuan: number | null): string {
	if (yuan === null) return '';
	const digits = String(yuan).padStart(YI_PLACES + 1, '0');
	const fraction = digits.slice(-YI_PLACES).replace(/0+$/, '');
	return digits.slice(0, -YI_PLACES) + (fraction && `.${fraction}`);
}
