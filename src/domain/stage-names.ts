import type { ChangeValue, RecordedChange } from './change.ts';

/** Stage id → its names. */
export type StageNames = Readonly<Record<string, { name: string; nameEn: string }>>;

/**
 * The last known names of every stage a board ever had.
 * @param changes in the order they happened; other kinds than those of stages are passed over
 * @param known names from earlier changes
 */
export function stageNamesFrom(changes: readonly RecordedChange[], known: StageNames = {}): StageNames {
	const names = { ...known };
	for (const { kind, stageId, field, before, after } of changes) {
		if (stageId === null || !kind.startsWith('stage-')) continue;
		const last = Object.hasOwn(names, stageId) ? names[stageId] : undefined;
		const said = field === null ? (after ?? before) : { [field]: after };
		names[stageId] = {
			name: textAt(said, 'name', last?.name),
			nameEn: textAt(said, 'nameEn', last?.nameEn)
		};
	}
	return names;
}

function textAt(value: ChangeValue, key: 'name' | 'nameEn', fallback = ''): string {
	const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
	return typeof found === 'string' ? found : fallback;
}
