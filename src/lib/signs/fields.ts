import { m } from '#lib/paraglide/messages.js';
import { wordFor } from './word-for.ts';

const NAMES: Readonly<Record<string, () => string>> = {
	name: m.field_name,
	nameEn: m.field_name_en,
	originalName: m.field_original_name,
	place: m.field_place,
	sector: m.field_sector,
	subtype: m.field_subtype,
	kind: m.field_kind,
	leadCity: m.field_lead_city,
	cities: m.field_cities,
	counties: m.field_counties,
	totalInvestmentYuan: m.field_total_investment_yuan,
	investmentSource: m.field_investment_source,
	investmentAsOf: m.field_investment_as_of,
	caveat: m.field_caveat,
	evidence: m.field_evidence,
	figures: m.field_figures,
	dependencies: m.field_dependencies,
	notes: m.field_notes
};

/** The word for a key of a project in the board's document; an unknown key as it is. */
export function fieldName(key: string): string {
	return wordFor(NAMES, key);
}
