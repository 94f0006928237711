import { NAME, TEXT } from '#doc/checks.ts';
import { AMOUNT_MAX_YUAN, NAME_MAX_CHARS, TEXT_VALUE_MAX_CHARS } from '#domain/limits.ts';
import { isRefusal } from '#domain/refusal.ts';
import { m } from '#lib/paraglide/messages.js';
import { moneyText } from '#lib/signs/format.ts';
import { type AmountProblem, parseAmount } from './amount.ts';
import type { Parsed } from './field-draft.svelte.ts';
import { parseTypedDate } from './typed-date.ts';

const AMOUNT_PROBLEMS: Record<AmountProblem, () => string> = {
	'not-a-number': m.panel_error_not_a_number,
	negative: m.panel_error_negative,
	'part-of-a-yuan': m.panel_error_part_of_a_yuan,
	'too-large': () => m.panel_error_too_large({ max: moneyText(AMOUNT_MAX_YUAN) })
};

const tooLong = (text: string, max: number) => m.panel_error_too_long({ max, count: text.length });

/** A project's name: 1–200 characters, without the spaces around it. */
export function parseName(text: string): Parsed<string> {
	const name = text.replaceAll(/\s+/g, ' ').trim();
	if (name === '') return { error: m.panel_error_empty() };
	if (name.length > NAME_MAX_CHARS) return { error: tooLong(name, NAME_MAX_CHARS) };
	return NAME(name) === null ? { value: name } : { error: m.panel_error_characters() };
}

/** A line of text that may be empty, at most `max` characters. */
export function parseLine(text: string, max: number = TEXT_VALUE_MAX_CHARS): Parsed<string> {
	const line = text.replaceAll(/\s+/g, ' ').trim();
	if (line.length > max) return { error: tooLong(line, max) };
	return TEXT(line) === null ? { value: line } : { error: m.panel_error_characters() };
}

/** An English name is no longer than a name. */
export const parseNameEn = (text: string): Parsed<string> => parseLine(text, NAME_MAX_CHARS);

/** Where an amount comes from; nothing typed = unknown. */
export function parseSource(text: string): Parsed<string | null> {
	const parsed = parseLine(text);
	return 'value' in parsed ? { value: parsed.value || null } : parsed;
}

/** Whole yuan; nothing typed = unknown. */
export function parseYuan(text: string): Parsed<number | null> {
	const amount = parseAmount(text);
	return typeof amount === 'string' ? { error: AMOUNT_PROBLEMS[amount]() } : { value: amount };
}

/** A date as exact as it is known; nothing typed = unknown. */
export function parseAsOf(text: string): Parsed<string | null> {
	const date = parseTypedDate(text);
	return date === undefined ? { error: m.panel_error_date() } : { value: date };
}

/** The words for a value the document refused; a bug is thrown on. */
export function explainRefusal(error: unknown): string {
	if (!isRefusal(error)) throw error;
	return m.panel_error_refused({ reason: error.message });
}
