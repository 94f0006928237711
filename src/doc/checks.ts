import { isPartialDate } from '#domain/dates.ts';
import { isAdcode, isId } from '#domain/ids.ts';
import { AMOUNT_MAX_YUAN, LABEL_MAX_CHARS, NAME_MAX_CHARS, TEXT_VALUE_MAX_CHARS } from '#domain/limits.ts';

/** Says in a few words what is wrong with a value, or null where it is right. */
export type Check = (value: unknown) => string | null;

/** Control characters and direction overrides make one text look like another. */
const UNSAFE_CHARS = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

const text =
	(max: number, mayBeEmpty: boolean): Check =>
	(value) => {
		if (typeof value !== 'string') return 'is not a text';
		if (!mayBeEmpty && value.trim() === '') return 'is empty';
		if (value.length > max) return `is longer than ${max} characters`;
		if (!value.isWellFormed()) return 'holds half of a character';
		return UNSAFE_CHARS.test(value.replaceAll(/[\t\n\r]/g, ''))
			? 'holds control or direction-override characters'
			: null;
	};

export const NAME: Check = text(NAME_MAX_CHARS, false);
export const LABEL: Check = text(LABEL_MAX_CHARS, true);
export const TEXT: Check = text(TEXT_VALUE_MAX_CHARS, true);
export const ID: Check = (value) => (isId(value) ? null : 'is not an id');
export const ADCODE_CHECK: Check = (value) => (isAdcode(value) ? null : 'is not a six-digit division code');
export const DATE: Check = (value) =>
	isPartialDate(value) ? null : 'is not a date YYYY, YYYY-MM or YYYY-MM-DD';
export const TRUE: Check = (value) => (value === true ? null : 'is not true');
export const INTEGER_YUAN: Check = (value) =>
	Number.isInteger(value) && Number(value) >= 0 && Number(value) <= AMOUNT_MAX_YUAN
		? null
		: `is not a whole number of yuan in 0..${AMOUNT_MAX_YUAN}`;

/** The check itself, or null. */
export function nullable(check: Check): Check {
	return (value) => (value === null ? null : check(value));
}

/** One of a closed list of texts. */
export function oneOf(list: readonly string[]): Check {
	return (value) =>
		typeof value === 'string' && list.includes(value) ? null : `is none of ${list.join(', ')}`;
}

/** A plain object with exactly these keys; a key `__proto__` on the wire arrives as its prototype. */
export function object(shape: Readonly<Record<string, Check>>): Check {
	return (value) => {
		if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
			return 'is not a record';
		const unknown = Object.keys(value).find((key) => !Object.hasOwn(shape, key));
		if (unknown !== undefined) return `has an unknown key ${JSON.stringify(unknown.slice(0, 40))}`;
		for (const [key, check] of Object.entries(shape)) {
			const problem = Object.hasOwn(value, key)
				? check((value as Record<string, unknown>)[key])
				: 'is missing';
			if (problem) return `${key} ${problem}`;
		}
		return null;
	};
}
