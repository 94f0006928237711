import { isId } from '#domain/ids.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Portfolio } from '#seeds/schema.ts';
import type { DatabaseHandle } from '#server/database/database.ts';
import {
	findOrganisation,
	insertOrganisations,
	listOrganisations,
	type Organisation
} from './organisation.repository.ts';

export type { Organisation } from './organisation.repository.ts';

/** The bodies people belong to. */
export class OrganisationService {
	readonly #db: DatabaseHandle;
	constructor(db: DatabaseHandle) {
		this.#db = db;
	}

	list(): Promise<Organisation[]> {
		return listOrganisations(this.#db);
	}

	/** Adds an organisation. @throws {Refusal} `bad-request`, `conflict` */
	async add(organisation: Organisation): Promise<Organisation> {
		if (!isId(organisation.id)) throw new Refusal('bad-request', `${organisation.id} is not an id`);
		if (organisation.name.trim() === '') throw new Refusal('bad-request', 'an organisation has a name');
		if (await findOrganisation(this.#db, organisation.id))
			throw new Refusal('conflict', `organisation ${organisation.id} is there already`);
		await insertOrganisations(this.#db, [organisation]);
		return organisation;
	}

	/** Adds those of the portfolio that are missing. */
	async addFrom(portfolio: Portfolio): Promise<void> {
		await insertOrganisations(
			this.#db,
			portfolio.organisations.map(({ id, nameZh, nameEn, kind, place }) => ({
				id,
				name: nameZh,
				nameEn,
				kind,
				place: place ?? null
			}))
		);
	}
}
