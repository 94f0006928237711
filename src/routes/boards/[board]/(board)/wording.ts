import type { Project } from '#domain/board.ts';
import type { PersonHere } from '#lib/sync/presence.svelte.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import { inLanguage } from '#lib/signs/in-language.ts';
import { m } from '#lib/paraglide/messages.js';
import type { Person } from '#lib/ui/Avatar.svelte';
import type { Stage } from '#domain/board.ts';
import { UNMENTIONED } from '#domain/said-board.ts';
import { stageName } from '#lib/signs/terms.ts';
import type { PersonShown } from './board-view.svelte.ts';

/** A project's name in the reader's language; the Chinese one where there is no English one. */
export function displayName(project: Pick<Project, 'name' | 'nameEn'>): string {
	return inLanguage(project.name, project.nameEn);
}

/** Somebody who is here, as the avatar shows them. */
export function personShown({ user }: PersonHere): Person {
	return { id: user.id, name: user.name, organisation: user.org, presence: user.color };
}

/** Somebody and their body: `昆明市发展和改革委员会 李梅`; who is not known any more has a word too. */
export function personText(person: PersonShown | undefined): string {
	if (!person) return m.board_somebody();
	const body = inLanguage(person.org, person.orgEn);
	return [body, person.name].filter(Boolean).join(' ');
}

/** The name of a thing named in both languages. */
export function namedText(named: { nameZh: string; nameEn: string } | undefined): string | undefined {
	return getLocale() === 'en' ? named?.nameEn : named?.nameZh;
}

/** What a column is called; also that of the projects no document had spoken of yet. */
export function stageWord(stage: Stage): string {
	if (stage.id === UNMENTIONED.id) return m.time_unmentioned();
	return stage.name === '' ? stageName(stage.id) : stageName(stage);
}
