import { SYSTEM_ACTOR } from '#domain/change.ts';
import { m } from '#lib/paraglide/messages.js';
import { inLanguage } from '#lib/signs/in-language.ts';
import type { FilterOption } from '#lib/ui/MultiFilterList.svelte';
import { KIND_GROUP_NAMES, type KindGroup } from './history-filter.ts';
import type { HistoryNames, PersonShown } from './history-names.svelte.ts';
import { kindGroupWord } from './kind-word.ts';

const collator = new Intl.Collator('zh-CN');
const byLabel = (a: FilterOption, b: FilterOption) =>
	collator.compare(a.group ?? '', b.group ?? '') || collator.compare(a.label, b.label);

/** Every project the board ever had; those that are gone stand at the end. */
export function projectOptions(names: HistoryNames): FilterOption[] {
	const options = (isOnBoard: boolean, group?: string) =>
		names.projects
			.filter((project) => project.isOnBoard === isOnBoard)
			.map(({ id }) => ({ value: id, label: names.project(id), ...(group && { group }) }))
			.sort(byLabel);
	return [...options(true), ...options(false, m.history_removed_projects())];
}

/** Everybody who is or was on the board, under their organisations, and the program. */
export function personOptions(people: readonly PersonShown[]): FilterOption[] {
	const options = people
		.map(({ id, name, org, orgEn }) => ({ value: id, label: name, group: inLanguage(org, orgEn) }))
		.sort(byLabel);
	return [...options, { value: SYSTEM_ACTOR, label: m.history_system(), group: m.history_system_meaning() }];
}

/** The organisations of these people. */
export function organisationOptions(
	people: readonly PersonShown[],
	organisations: readonly { id: string; name: string; nameEn: string }[]
): FilterOption[] {
	const present = new Set(people.map(({ orgId }) => orgId));
	return organisations
		.filter(({ id }) => present.has(id))
		.map(({ id, name, nameEn }) => ({ value: id, label: inLanguage(name, nameEn) }))
		.sort(byLabel);
}

/** The kinds of change people tell apart. */
export function kindOptions(): FilterOption<KindGroup>[] {
	return KIND_GROUP_NAMES.map((value) => ({ value, label: kindGroupWord(value) }));
}
