import { datedCode } from './change-clock.ts';
import type { Bound, ChangeQuery, Place } from './change-query.ts';
import { type Condition, DATED } from './change-runs.repository.ts';

/** The times a question asks for, on its clock. */
export function timesOf({ order, since, until }: ChangeQuery): Condition[] {
	return [...(since ? [isSince(order, since)] : []), ...(until ? [isBefore(order, until)] : [])];
}

/** A document's date may be a year or a month: it counts if any of its days does. */
function isSince(order: ChangeQuery['order'], { at, date }: Bound): Condition {
	const moment = Date.parse(at);
	if (order === 'entered') return (eb) => eb('at', '>=', moment);
	const wider = [date.slice(0, 'YYYY'.length), date.slice(0, 'YYYY-MM'.length)].map(datedCode);
	return (eb) =>
		eb.or([
			eb.and([eb('document_date', '=', 0), eb('at', '>=', moment)]),
			eb.and([eb('document_date', '<>', 0), eb('document_date', '>=', datedCode(date))]),
			eb('document_date', 'in', wider)
		]);
}

function isBefore(order: ChangeQuery['order'], { at, date }: Bound): Condition {
	const moment = Date.parse(at);
	if (order === 'entered') return (eb) => eb('at', '<', moment);
	return (eb) =>
		eb.or([
			eb.and([eb('document_date', '=', 0), eb('at', '<', moment)]),
			eb.and([eb('document_date', '<>', 0), eb('document_date', '<', datedCode(date))])
		]);
}

/** Behind a row in the order of a list. */
export function isAfterRow(order: ChangeQuery['order'], { seq, index, dated }: Place): Condition {
	return (eb) => {
		const sameEntry = eb.and([eb('seq', '=', seq), eb('index', '>', index)]);
		const entered = eb.or([eb('seq', '<', seq), sameEntry]);
		if (order === 'entered') return entered;
		const code = datedCode(dated);
		return eb.or([eb(DATED, '<', code), eb.and([eb(DATED, '=', code), entered])]);
	};
}
