import type { ChangeValue, RecordedChange } from '#domain/change.ts';

export interface ProjectNamed {
	id: string;
	name: string;
	nameEn: string;
	isOnBoard: boolean;
}

/**
 * Every project a board ever had, by its present or last name.
 * @param known as the page was sent them, those that are gone first
 * @param since changes from then on, in the order they happened
 */
export function projectsAfter(
	known: readonly ProjectNamed[],
	since: readonly RecordedChange[]
): ReadonlyMap<string, ProjectNamed> {
	const all = new Map(known.map((project) => [project.id, project]));
	for (const change of since) {
		if (change.projectId === null) continue;
		const named = projectAfter(all.get(change.projectId), change.projectId, change);
		if (named) all.set(change.projectId, named);
	}
	return all;
}

function projectAfter(
	known: ProjectNamed | undefined,
	id: string,
	{ kind, field, after, projectName }: RecordedChange
): ProjectNamed | undefined {
	const last = known ?? { id, name: projectName ?? id, nameEn: '', isOnBoard: true };
	if (kind === 'project-removed') return { ...last, isOnBoard: false };
	if (kind === 'project-added' || kind === 'project-taken' || kind === 'project-restored')
		return { id, name: projectName ?? last.name, nameEn: textAt(after, 'nameEn'), isOnBoard: true };
	if (kind !== 'field-set' || (field !== 'name' && field !== 'nameEn')) return known;
	return { ...last, [field]: typeof after === 'string' ? after : '' };
}

function textAt(value: ChangeValue, key: string): string {
	const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
	return typeof found === 'string' ? found : '';
}
