import { isPartialDate } from '#domain/dates.ts';

const TYPED = /^(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?)?[年月]?$/;

/**
 * The date somebody means by `2026-5-19`, `2026/05`, `2026年5月` or `2026`: as exact as it was typed.
 * @returns the date, null for nothing typed, undefined for what is no date
 */
export function parseTypedDate(text: string): string | null | undefined {
	const typed = text.normalize('NFKC').replaceAll(/\s/g, '');
	if (typed === '') return null;
	const parts = TYPED.exec(typed)?.slice(1).filter(Boolean) ?? [];
	const date = parts.map((part) => part.padStart(2, '0')).join('-');
	return isPartialDate(date) ? date : undefined;
}
