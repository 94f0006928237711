import type { Project } from '#domain/board.ts';
import type { PersonHere } from '#lib/sync/presence.svelte.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { Person } from '#lib/ui/Avatar.svelte';

/** A project's name in the reader's language; the Chinese one where there is no English one. */
export function displayName(project: Pick<Project, 'name' | 'nameEn'>): string {
	return (getLocale() === 'en' && project.nameEn) || project.name;
}

/** Somebody who is here, as the avatar shows them. */
export function personShown({ user }: PersonHere): Person {
	return { id: user.id, name: user.name, organisation: user.org, presence: user.color };
}
