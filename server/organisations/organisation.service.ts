import { NAME } from '#doc/checks.ts';
import { isAdcode, isId } from '#domain/ids.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Portfolio } from '#seeds/schema.ts';
import type { AuditService } from '#server/audit/audit.service.ts';
import type { Who } from '#server/audit/who.ts';
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
	readonly #audit: AuditService;
	constructor(parts: { db: DatabaseHandle; audit: AuditService }) {
		this.#db = parts.db;
		this.#audit = parts.audit;
	}

	list(): Promise<Organisation[]> {
		return listOrganisations(this.#db);
	}

	/** Adds an organisation. @throws {Refusal} `bad-request`, `conflict` */
	async add(organisation: Organisation, who: Who): Promise<Organisation> {
		if (!isId(organisation.id)) throw new Refusal('bad-request', `${organisation.id} is not an id`);
		const problem = NAME(organisation.name) ?? NAME(organisation.nameEn);
		if (problem) throw new Refusal('bad-request', `the organisation's name ${problem}`);
		if (organisation.place !== null && !isAdcode(organisation.place))
			throw new Refusal('bad-request', `${organisation.place} is not a six-digit division code`);
		if (await findOrganisation(this.#db, organisation.id))
			throw new Refusal('conflict', `organisation ${organisation.id} is there already`);
		await this.#db.transaction().execute(async (trx) => {
			await insertOrganisations(trx, [organisation]);
			await this.#audit.record({ who, action: 'organisation-add', object: { org: organisation.id } }, trx);
		});
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
