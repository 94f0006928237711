import type { RecordedChange } from '#domain/change.ts';
import { keyOf } from './group-rows.ts';

type Order = (a: RecordedChange, b: RecordedChange) => number;

/** One row for each key, the newer version of it: notes of a sitting that goes on come again. */
export function mergeRows(
	list: readonly RecordedChange[],
	rows: readonly RecordedChange[],
	order: Order
): RecordedChange[] {
	const byKey = new Map(list.map((row) => [keyOf(row), row]));
	for (const row of rows) {
		const known = byKey.get(keyOf(row));
		if (!known || known.at <= row.at) byKey.set(keyOf(row), row);
	}
	return [...byKey.values()].sort(order);
}

/** Parts rows into those a list holds in some version and those it does not. */
export function partRows(
	rows: readonly RecordedChange[],
	list: readonly RecordedChange[]
): { known: RecordedChange[]; fresh: RecordedChange[] } {
	const keys = new Set(list.map(keyOf));
	return {
		known: rows.filter((row) => keys.has(keyOf(row))),
		fresh: rows.filter((row) => !keys.has(keyOf(row)))
	};
}
