import type { Project } from '#domain/board.ts';
import { isSameValue } from '#domain/same-value.ts';
import { setLeadCity } from '#doc/city-mutators.ts';
import { moveProject, setEntry, setField } from '#doc/mutators.ts';
import { writeNotesAgain } from '#doc/restore-notes.ts';
import type { LostEdits } from './edit-base.ts';
import type { Intent } from './pending-edits.ts';
import type { RefusedEdit } from './refused-edits.svelte.ts';

/** Why an edit is in the tray whose project somebody had removed: no code of the server, which took it. */
export const PROJECT_REMOVED = 'project-removed';

/** Fields that hold one value each and can be set again as they were. */
const VALUES = [
	'name',
	'nameEn',
	'sector',
	'totalInvestmentYuan',
	'investmentAsOf',
	'investmentSource'
] as const satisfies readonly (keyof Project)[];
type ValueField = (typeof VALUES)[number];
const FIELDS = [...VALUES, 'leadCity'] as const;

/** What was lost with a project, one edit a field or city and one for the notes, for its writer to decide on. */
export function lostEdits({ before, mine, notes }: LostEdits): RefusedEdit[] {
	const isMoved = before.stage !== mine.stage;
	const fields = FIELDS.filter((field) => !isSameValue(before[field], mine[field])).map((field) => [field]);
	const cities = [...new Set([...before.cities, ...mine.cities])].filter(
		(city) => before.cities.includes(city) !== mine.cities.includes(city)
	);
	const changed = [...(isMoved ? [['place']] : []), ...fields, ...cities.map((city) => ['cities', city])];
	const lost = changed.map((place) => lostEdit(mine, place));
	return notes ? [...lost, { ...lostEdit(mine, ['notes']), notes }] : lost;
}

const lostEdit = (mine: Project, place: readonly string[]): RefusedEdit => ({
	id: crypto.randomUUID(),
	at: new Date().toISOString(),
	code: PROJECT_REMOVED,
	path: ['projects', mine.id, ...place],
	message: '',
	attempt: mine,
	intent: undefined
});

/** Does a lost edit again, once its project is back; undefined for what is no such edit. */
export function intentAgain({ code, path, attempt: mine, notes }: RefusedEdit): Intent | undefined {
	const [, projectId = '', field = '', key = ''] = path;
	if (code !== PROJECT_REMOVED || !mine) return undefined;
	switch (field) {
		case 'place':
			return (doc, origin) => moveProject(doc, { projectId, stageId: mine.stage, index: 0 }, origin);
		case 'leadCity':
			return (doc, origin) => setLeadCity(doc, { projectId, city: mine.leadCity }, origin);
		case 'cities': {
			const value = mine.cities.includes(key) || undefined;
			return (doc, origin) => setEntry(doc, { projectId, field, key, value }, origin);
		}
		case 'notes':
			return notes && ((doc, origin) => writeNotesAgain(doc, { projectId, ...notes }, origin));
		default: {
			const value = VALUES.find((known): known is ValueField => known === field);
			if (!value) return undefined;
			return (doc, origin) => setField(doc, { projectId, field: value, value: mine[value] }, origin);
		}
	}
}
