import { csvOf } from '#lib/csv.ts';
import { m } from '#lib/paraglide/messages.js';
import { listText } from '#lib/signs/format.ts';
import type { ComparisonRow } from './comparison-rows.ts';
import { KIND_SIGNS } from './kind-words.ts';

/** Rows of a comparison as a table, one line for each thing that differs. */
export function comparisonCsv(rows: readonly ComparisonRow[]): string {
	const head = [
		m.compare_csv_project(),
		m.compare_csv_id(),
		m.compare_csv_kind(),
		m.compare_csv_field(),
		m.compare_csv_before(),
		m.compare_csv_after()
	];
	const lines = rows.flatMap(({ name, projectId, kinds, differences }) => {
		const kind = listText(kinds.map((one) => KIND_SIGNS[one].word()));
		return differences.map(({ label, before, after }) => [name, projectId ?? '', kind, label, before, after]);
	});
	return csvOf([head, ...lines]);
}
