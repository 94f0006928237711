import type { RecordedChange } from '#domain/change.ts';
import { dayInChina } from '#domain/dates.ts';
import { type Folded, foldRows } from './fold-rows.ts';

/** A pause longer than this ends a sitting. */
const PAUSE_MS = 15 * 60_000;

export type Order = 'entered' | 'dated';

/** Changes one person made without a long pause, or that one document's date brings together. */
export interface Sitting {
	/** That of the row the page knew first, so that it stays while newer and older ones come. */
	key: string;
	actorId: string;
	/** Id of the document whose date the rows stand at; null for what people did. */
	documentId: string | null;
	/** As listed: newest first. */
	rows: RecordedChange[];
	/** The same, where many of one kind are one item; each with a key that stays, as the sitting's does. */
	items: (Folded & { key: string })[];
}

/** A day in China, or a month or year where a document's date says no more. */
export interface Day {
	/** That of one of its sittings: where a clock was set back a date comes twice. */
	key: string;
	/** `YYYY-MM-DD`, `YYYY-MM` or `YYYY`. */
	date: string;
	sittings: Sitting[];
}

/** Tells a change row from every other one of a board. */
export const keyOf = ({ seq, index }: Pick<RecordedChange, 'seq' | 'index'>): string => `${seq}.${index}`;

/**
 * Puts a listed history into days and sittings; the order of the rows stays.
 * @param placeOf in which order the page came to know a row
 */
export function groupRows(
	rows: readonly RecordedChange[],
	order: Order,
	placeOf: (row: RecordedChange) => number
): Day[] {
	const days: Day[] = [];
	for (const row of rows) {
		const documentDate = order === 'dated' ? row.documentDate : null;
		const date = documentDate ?? dayInChina(row.at);
		let day = days.at(-1);
		if (day?.date !== date) days.push((day = { key: '', date, sittings: [] }));
		const documentId = documentDate === null ? null : documentOf(row);
		const sitting = day.sittings.at(-1);
		if (sitting && continues(sitting, row, documentId)) sitting.rows.push(row);
		else day.sittings.push({ key: '', actorId: row.actorId, documentId, rows: [row], items: [] });
	}
	for (const day of days) {
		for (const sitting of day.sittings) {
			sitting.key = keyOf(firstOf(sitting.rows, placeOf));
			sitting.items = itemsOf(sitting, placeOf);
		}
		day.key = keyOf(
			firstOf(
				day.sittings.flatMap(({ rows: own }) => own),
				placeOf
			)
		);
	}
	return days;
}

/** What a document says is read line by line. */
function itemsOf({ rows, documentId }: Sitting, placeOf: (row: RecordedChange) => number): Sitting['items'] {
	const items: Folded[] = documentId === null ? foldRows(rows) : rows.map((row) => ({ row }));
	return items.map((item) => ({ ...item, key: keyOf(item.row ?? firstOf(item.fold!.rows, placeOf)) }));
}

function firstOf(rows: readonly RecordedChange[], placeOf: (row: RecordedChange) => number): RecordedChange {
	return rows.reduce((first, row) => (placeOf(row) < placeOf(first) ? row : first));
}

function continues(sitting: Sitting, row: RecordedChange, documentId: string | null): boolean {
	if (sitting.actorId !== row.actorId || sitting.documentId !== documentId) return false;
	if (documentId !== null) return true;
	const pauseMs = Date.parse(sitting.rows.at(-1)!.at) - Date.parse(row.at);
	return Math.abs(pauseMs) <= PAUSE_MS;
}

/** Id of the document a row of evidence speaks for. */
export function documentOf({ after }: Pick<RecordedChange, 'after'>): string | null {
	const isRecord = typeof after === 'object' && after !== null && !Array.isArray(after);
	return isRecord && typeof after.document === 'string' ? after.document : null;
}

/** Orders rows as the server lists them on a clock: newest first. */
export function inOrder(order: Order): (a: RecordedChange, b: RecordedChange) => number {
	const entered = (a: RecordedChange, b: RecordedChange) => b.seq - a.seq || a.index - b.index;
	if (order === 'entered') return entered;
	const datedOf = (row: RecordedChange) => row.documentDate ?? row.at;
	return (a, b) => (datedOf(a) === datedOf(b) ? entered(a, b) : datedOf(a) < datedOf(b) ? 1 : -1);
}
