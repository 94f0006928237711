import { isPartialDate } from '#domain/dates.ts';

/** With a zone, so that nobody has to guess which moment is meant. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
/** Beyond the years 0000–9999 times are written longer, and would not compare as text. */
const ISO_CHARS = '2026-05-19T08:00:00.000Z'.length;

/** An ISO 8601 time with its zone as a moment in UTC; undefined for anything else. */
export function parseMoment(text: string): Date | undefined {
	const written = text.replace(' ', '+'); // an address turns a plus sign that was not escaped into a space
	const [, day] = MOMENT.exec(written) ?? [];
	if (!isPartialDate(day)) return undefined;
	const moment = new Date(written);
	const isUsable = !Number.isNaN(moment.getTime()) && moment.toISOString().length === ISO_CHARS;
	return isUsable ? moment : undefined;
}
