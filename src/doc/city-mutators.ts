import type * as Y from 'yjs';
import { setEntry, setField } from './mutators.ts';
import { projectsOf } from './schema.ts';

/**
 * Makes a project's prefectures out of `before`, what the person saw, into `cities`: only the difference is written, so
 * that a prefecture a colleague added meanwhile stays. A lead that is taken out leads no more.
 */
export function setCities(
	doc: Y.Doc,
	set: { projectId: string; before: readonly string[]; cities: readonly string[] },
	origin?: unknown
): void {
	const { projectId, before, cities } = set;
	doc.transact(() => {
		for (const key of cities)
			if (!before.includes(key)) setEntry(doc, { projectId, field: 'cities', key, value: true });
		const lead = projectsOf(doc).get(projectId)?.get('leadCity');
		for (const key of before) {
			if (cities.includes(key)) continue;
			setEntry(doc, { projectId, field: 'cities', key, value: undefined });
			if (key === lead) setField(doc, { projectId, field: 'leadCity', value: null });
		}
	}, origin);
}

/** Lets a prefecture lead a project, which then lies in it too; null = none leads. */
export function setLeadCity(
	doc: Y.Doc,
	set: { projectId: string; city: string | null },
	origin?: unknown
): void {
	const { projectId, city } = set;
	doc.transact(() => {
		setField(doc, { projectId, field: 'leadCity', value: city });
		if (city !== null) setEntry(doc, { projectId, field: 'cities', key: city, value: true });
	}, origin);
}
