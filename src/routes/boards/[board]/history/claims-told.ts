import type { Clash } from '#domain/clash.ts';
import { m } from '#lib/paraglide/messages.js';
import { claimTexts } from '../clash-words.ts';
import type { Names } from './history-names.svelte.ts';

/** A value somebody set, in words; empty = they cleared it. */
export type ClaimTold = { who: string; value: string };

/** A person by their name of today. */
export const nameOf = (id: string, names: Pick<Names, 'person'>): string =>
	names.person(id)?.name ?? m.board_somebody();

/** The two values of a clash, each with whose it is. */
export function claimsTold(clash: Clash, names: Names): { kept: ClaimTold; lost: ClaimTold } {
	const values = claimTexts(clash, names);
	return {
		kept: { who: nameOf(clash.kept.actorId, names), value: values.kept },
		lost: { who: nameOf(clash.lost.actorId, names), value: values.lost }
	};
}
