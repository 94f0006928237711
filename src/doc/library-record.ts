import type { Evidence } from '#domain/evidence.ts';
import type { NewProject } from './mutators.ts';

/** What a record of the project library holds of a project. */
export interface LibraryRecord {
	id: string;
	name: string;
	nameEn: string;
	originalName?: string | undefined;
	kind: string;
	sector: string;
	subtype?: string | undefined;
	leadCity?: string | undefined;
	cities: string[];
	counties: string[];
	/** Column its newest evidence supports. */
	stage: string;
	evidence: Evidence[];
	figures: { id: string; value: number | string; unit: string; document: string | null }[];
	dependencies: { project: string; type: string; basis: string }[];
	totalInvestmentYuan?: number | undefined;
	investmentSource?: string | undefined;
	investmentAsOf?: string | undefined;
	caveat?: { zh: string; en: string } | undefined;
}

const keyed = <T extends object>(records: readonly T[], key: keyof T & string) =>
	Object.fromEntries(records.map(({ [key]: id, ...rest }) => [String(id), rest]));
const asSet = (codes: readonly string[]) => Object.fromEntries(codes.map((code) => [code, true]));

/** The fields with which a library record enters a board; its id becomes the project's. */
export function newProjectOf(record: LibraryRecord): NewProject {
	return {
		name: record.name,
		nameEn: record.nameEn,
		originalName: record.originalName ?? null,
		kind: record.kind,
		sector: record.sector,
		subtype: record.subtype ?? null,
		leadCity: record.leadCity ?? null,
		totalInvestmentYuan: record.totalInvestmentYuan ?? null,
		investmentSource: record.investmentSource ?? null,
		investmentAsOf: record.investmentAsOf ?? null,
		caveat: record.caveat ?? null,
		cities: asSet(record.cities),
		counties: asSet(record.counties),
		evidence: keyed(record.evidence, 'id'),
		figures: keyed(record.figures, 'id'),
		dependencies: keyed(record.dependencies, 'project')
	};
}
