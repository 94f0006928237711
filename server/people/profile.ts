import type { Organisation } from '#server/organisations/organisation.repository.ts';
import type { Person } from './person.repository.ts';

/** What others may see of a person. */
export interface Profile {
	id: string;
	name: string;
	org: string;
	orgEn: string;
	orgId: string | null;
	/** Adcode of the place their organisation answers for. */
	city: string | null;
	/** Index into the presence palette. */
	color: number;
}

const PALETTE_SIZE = 12;

/** The same person has the same colour everywhere. */
function colorOf(userId: string): number {
	let sum = 0;
	for (const char of userId) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
	return sum % PALETTE_SIZE;
}

/** The part of a person that others may see. */
export function profileOf(person: Person, organisation: Organisation | undefined): Profile {
	return {
		id: person.id,
		name: person.name,
		org: organisation?.name ?? '',
		orgEn: organisation?.nameEn ?? '',
		orgId: person.organisationId,
		city: organisation?.place ?? null,
		color: colorOf(person.id)
	};
}
