import { isPartialDate } from '#domain/dates.ts';
import type { Template } from '#domain/stages.ts';

/** A moment an address asks for: of what was entered, or of what documents said. */
export type AskedMoment =
	/** The number of an entry, or an ISO 8601 time with its zone. */
	| { clock: 'entered'; at: string }
	/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: documents up to that date. */
	| { clock: 'dated'; date: string };

const SEQ = /^\d{1,15}$/;

/**
 * The moment that a board's address asks for; undefined = now. Documents speak of engineering stages: a board of others
 * cannot be told from them.
 */
export function askedIn(search: URLSearchParams, template: Template): AskedMoment | undefined {
	const [at, date] = [search.get('at'), search.get('said')];
	if (at) return { clock: 'entered', at };
	return template === 'stages' && isPartialDate(date) ? { clock: 'dated', date } : undefined;
}

/** What an address says to ask for a moment: `?at=…`, `?said=…`, or nothing for now. */
export function searchOf(moment: AskedMoment | undefined): string {
	if (!moment) return '';
	return moment.clock === 'entered' ? `?at=${encodeURIComponent(moment.at)}` : `?said=${moment.date}`;
}

/** The time an address names; undefined where it names an entry. */
export function timeOf(moment: AskedMoment | undefined): string | undefined {
	return moment?.clock === 'entered' && !SEQ.test(moment.at) ? moment.at : undefined;
}
