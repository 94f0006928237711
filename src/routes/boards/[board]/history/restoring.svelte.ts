import { createContext } from 'svelte';
import { actionToRestore, type RestoreTarget } from '#domain/restore-target.ts';
import { can, type Role } from '#domain/roles.ts';

/** What somebody wants to have back, and as it was after which entry. */
export interface RestoreAsked {
	at: number;
	target: RestoreTarget;
	/** What the question is called. */
	title: string;
}

/** The question whether something is to be put back, of one page. */
export class Restoring {
	readonly #who: () => { role: Role; isArchived: boolean };
	asked = $state.raw<RestoreAsked | undefined>();

	constructor(who: () => { role: Role; isArchived: boolean }) {
		this.#who = who;
	}

	mayRestore(target: RestoreTarget): boolean {
		const { role, isArchived } = this.#who();
		return !isArchived && can(role, actionToRestore(target));
	}
}

/** What is asked for as the API takes it. */
export function parametersOf({ at, target }: Omit<RestoreAsked, 'title'>): Record<string, string> {
	const { kind, ...named } = target;
	const given = kind === 'title' ? { field: 'title' } : named;
	const words = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null);
	return { at: String(at), ...Object.fromEntries(words) };
}

export const [getRestoring, setRestoring] = createContext<Restoring>();
