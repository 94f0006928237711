import { type Clash, isRemoval } from '#domain/clash.ts';
import { m } from '#lib/paraglide/messages.js';
import { fieldName } from '#lib/signs/fields.ts';
import { wordFor } from '#lib/signs/word-for.ts';
import { entryText, type Naming, valuePair } from './history/value-text.ts';

/** Keys that hold no plain value but a set, a list or rich text. */
const CONTAINERS = ['cities', 'counties', 'evidence', 'figures', 'dependencies', 'notes'];

/** Whether what two people made is more than a value that one could choose: a project, a list, a stage. */
export function isWhole({ projectId, field, member }: Clash): boolean {
	if (field === null) return true;
	return projectId !== null && member === null && CONTAINERS.includes(field);
}

/** What two people changed, without the project it stands in. */
export function clashSubject({ projectId, stageId, field, member, ...clash }: Clash, names: Naming): string {
	if (stageId !== null) return stageSubject(names.stage(stageId), field);
	if (projectId === null) return wordFor({ title: m.history_board_title }, field ?? '');
	if (field === null) return clash.projectName ?? projectId;
	if (member === null) return fieldName(field);
	if (field !== 'cities' && field !== 'counties') return fieldName(field);
	return m.clash_entry({ field: fieldName(field), entry: names.place(member) });
}

function stageSubject(stage: string, field: string | null): string {
	if (field === 'name') return m.clash_stage_name({ stage });
	return field === 'nameEn' ? m.clash_stage_name_en({ stage }) : m.clash_stage({ stage });
}

/** Both values in words; empty = nothing, by whoever cleared it. */
export function claimTexts(clash: Clash, names: Naming): { kept: string; lost: string } {
	const { field, member, kept, lost } = clash;
	if (member !== null) {
		const told = ({ value }: Clash['kept']) =>
			value === null ? '' : entryText(field ?? '', member, value, names);
		return { kept: told(kept), lost: told(lost) };
	}
	const pair = valuePair(field ?? '', { before: lost.value, after: kept.value }, names);
	return { kept: pair.after, lost: pair.before };
}

/** Whether one of the two values can be chosen. */
export const isChoosable = (clash: Clash): boolean => !isWhole(clash) && !isRemoval(clash);
