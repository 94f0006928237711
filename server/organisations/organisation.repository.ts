import type { Kysely } from 'kysely';
import type { Database } from '#server/database/database.ts';

export interface Organisation {
	id: string;
	name: string;
	nameEn: string;
	kind: string;
	/** Adcode of the place it answers for. */
	place: string | null;
}

type Row = { id: string; name: string; name_en: string; kind: string; place: string | null };
const fromRow = ({ name_en: nameEn, ...row }: Row): Organisation => ({ ...row, nameEn });

/** All organisations, by id. */
export async function listOrganisations(db: Kysely<Database>): Promise<Organisation[]> {
	return (await db.selectFrom('organisation').selectAll().orderBy('id').execute()).map(fromRow);
}

export async function findOrganisation(db: Kysely<Database>, id: string): Promise<Organisation | undefined> {
	const row = await db.selectFrom('organisation').selectAll().where('id', '=', id).executeTakeFirst();
	return row && fromRow(row);
}

/** Adds organisations; one that is there already stays as it is. */
export async function insertOrganisations(
	db: Kysely<Database>,
	organisations: readonly Organisation[]
): Promise<void> {
	if (organisations.length === 0) return;
	const rows = organisations.map(({ nameEn, ...row }) => ({ ...row, name_en: nameEn }));
	await db
		.insertInto('organisation')
		.values(rows)
		.onConflict((conflict) => conflict.column('id').doNothing())
		.execute();
}
