import type { ChangeValue, RecordedChange } from '#domain/change.ts';

/** Stage id → its names. */
export type StageNames = Record<string, { name: string; nameEn: string }>;

/** The last known names of every stage, from the changes of stages in their order. */
export function stageNamesFrom(changes: readonly RecordedChange[]): StageNames {
	const names = new Map<string, { name: string; nameEn: string }>();
	for (const { stageId, field, before, after } of changes) {
		if (stageId === null) continue;
		const known = names.get(stageId) ?? { name: '', nameEn: '' };
		const said = field === null ? (after ?? before) : { [field]: after };
		names.set(stageId, {
			name: textAt(said, 'name', known.name),
			nameEn: textAt(said, 'nameEn', known.nameEn)
		});
	}
	return Object.fromEntries(names);
}

function textAt(value: ChangeValue, key: 'name' | 'nameEn', fallback: string): string {
	const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
	return typeof found === 'string' ? found : fallback;
}
