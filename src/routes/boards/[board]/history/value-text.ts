import type { ChangeValue } from '#domain/change.ts';
import type { StatedStage, Template } from '#domain/stages.ts';
import { figureUnit } from '#lib/project/figure-unit.ts';
import { fieldName } from '#lib/signs/fields.ts';
import { dateText, exactMoneyText, moneyText } from '#lib/signs/format.ts';
import {
	basisName,
	cityFullName,
	dependencyName,
	kindName,
	sectorName,
	statedStageName,
	templateName
} from '#lib/signs/terms.ts';
import { getLocale } from '#lib/paraglide/runtime.js';
import type { Names } from './history-names.svelte.ts';

type Values = { [key: string]: ChangeValue };
/** What names things: for a history what they were called, for a board what they are. */
export type Naming = Pick<Names, 'stage' | 'project' | 'place'> & {
	document(id: string): { short: string; titleEn: string } | undefined;
};

const isRecord = (value: ChangeValue): value is Values =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: ChangeValue | undefined): string =>
	value === null || value === undefined
		? ''
		: typeof value === 'object'
			? JSON.stringify(value)
			: String(value);

/** Whether there is anything to show: a cleared field and one never filled are the same. */
export function isNothing(value: ChangeValue): boolean {
	return value === null || value === '';
}

/** The value of a project's field, or of the board's own, in words. */
export function valueText(field: string, value: ChangeValue, names: Naming): string {
	if (isNothing(value)) return '';
	if (field === 'totalInvestmentYuan' && typeof value === 'number') return moneyText(value);
	if (field === 'caveat' && isRecord(value)) return text(getLocale() === 'en' ? value.en : value.zh);
	if (field === 'place' && isRecord(value)) return names.stage(text(value.stage));
	const plain = text(value);
	switch (field) {
		case 'sector':
			return sectorName(plain);
		case 'kind':
			return kindName(plain);
		case 'leadCity':
			return cityFullName(plain);
		case 'investmentAsOf':
			return dateText(plain);
		case 'template':
			return templateName(plain as Template);
		default:
			return plain;
	}
}

/**
 * The two values of a change in words. Two amounts that read alike on cards are told to the yuan; of a remark that
 * changed only in the other language, that one is told.
 */
export function valuePair(
	field: string,
	{ before, after }: { before: ChangeValue; after: ChangeValue },
	names: Naming
): { before: string; after: string } {
	const pair = { before: valueText(field, before, names), after: valueText(field, after, names) };
	if (pair.before !== pair.after) return pair;
	if (typeof before === 'number' && typeof after === 'number')
		return { before: exactMoneyText(before), after: exactMoneyText(after) };
	if (field === 'caveat') return { before: inOtherLanguage(before), after: inOtherLanguage(after) };
	return pair;
}

const inOtherLanguage = (remark: ChangeValue) =>
	isRecord(remark) ? text(getLocale() === 'en' ? remark.zh : remark.en) : '';

/** An entry of one of a project's sets or lists, in words. */
export function entryText(field: string, member: string, value: ChangeValue, names: Naming): string {
	if (field === 'cities' || field === 'counties') return names.place(member);
	if (!isRecord(value)) return member;
	if (field === 'figures')
		return `${text(value.value)} ${figureUnit(text(value.unit))}${sourceText(value, names)}`;
	if (field === 'dependencies')
		return `${dependencyName(text(value.type))} ${names.project(member)} · ${basisName(text(value.basis))}`;
	if (field === 'evidence') return `${evidenceText(value)}${sourceText(value, names)}`;
	return member;
}

/** What a document says: its words and the stage they mean. */
export function evidenceText(value: Values): string {
	return `“${text(value.stageWord)}” · ${statedStageName(text(value.stage) as StatedStage)}`;
}

function sourceText(value: Values, names: Naming): string {
	const id = text(value.document);
	if (id === '') return '';
	const source = documentText(id, names);
	const date = text(value.date);
	return ` · ${source}${date === '' ? '' : ` ${dateText(date)}`}`;
}

/** A document by its short name; in English by its title. */
export function documentText(id: string, names: Naming): string {
	const document = names.document(id);
	if (!document) return id;
	return getLocale() === 'en' ? document.titleEn : `《${document.short}》`;
}

const ENTRY_FIELDS = ['cities', 'counties', 'evidence', 'figures', 'dependencies'];
/** Told elsewhere in the row. */
const UNTOLD = ['place', 'name'];

/**
 * What a whole project held, field by field, in words.
 * @param untold fields that are left out
 */
export function contentOf(
	picture: ChangeValue,
	names: Naming,
	untold: readonly string[] = UNTOLD
): { label: string; text: string }[] {
	if (!isRecord(picture)) return [];
	return Object.entries(picture).flatMap(([field, value]) => {
		if (untold.includes(field)) return [];
		const told =
			ENTRY_FIELDS.includes(field) && isRecord(value)
				? Object.entries(value).map(([member, entry]) => entryText(field, member, entry, names))
				: [valueText(field, value, names)];
		const shown = told.filter((part) => part !== '').join(getLocale() === 'en' ? '; ' : '；');
		return shown === '' ? [] : [{ label: fieldName(field), text: shown }];
	});
}
