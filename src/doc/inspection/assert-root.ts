import { Refusal } from '#domain/refusal.ts';
import { type Root, ROOTS } from '../fields.ts';

/** Yjs makes a root of every name it reads, even for a struct it has already. @throws {Refusal} `schema` */
export function assertRoot(name: string): asserts name is Root {
	if ((ROOTS as readonly string[]).includes(name)) return;
	const shown = name.slice(0, 40).toWellFormed();
	throw new Refusal('schema', `there is no root ${shown}`, { path: [shown] });
}
