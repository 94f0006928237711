import type { Profile } from '#server/people/people.service.ts';

/** Somebody the history names, as they are called now; the program itself has no name. */
export interface ToldActor {
	id: string;
	name: string;
	org: string;
	orgEn: string;
}

/** A person of the history by their id; who is not known any more has no name either. */
export function actorOf(id: string, profiles: ReadonlyMap<string, Profile>): ToldActor {
	const { name = '', org = '', orgEn = '' } = profiles.get(id) ?? {};
	return { id, name, org, orgEn };
}
