import { ID_MAX_CHARS } from '#domain/limits.ts';
import { Refusal, type RefusalCode } from '#domain/refusal.ts';
import type { Place } from './container.ts';

/**
 * Refuses an update for what it does at a place. Keys in the path may be anything, so they are cut.
 * @throws {Refusal}
 */
export function refuse(place: Place, problem: string, code: RefusalCode = 'schema'): never {
	const path = place.path.map((key) => key.slice(0, ID_MAX_CHARS).toWellFormed());
	throw new Refusal(code, `${path.join('.')} ${problem}`, { path });
}
