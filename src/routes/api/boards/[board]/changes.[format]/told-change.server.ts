import { type ChangeValue, SYSTEM_ACTOR } from '#domain/change.ts';
import { timeInChina } from '#domain/dates.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { inLanguage } from '#lib/signs/in-language.ts';
import type { ToldChange } from '#server/history/history.service.ts';
import type { Row } from '#server/tables/table.ts';
import type { Names } from '../../../../boards/[board]/history/history-names.svelte.ts';
import { kindWord } from '../../../../boards/[board]/history/kind-word.ts';
import { tellingOf } from '../../../../boards/[board]/history/telling.ts';
import { entryText } from '../../../../boards/[board]/history/value-text.ts';

/** What a row of the history page says, in the reader's language. */
interface Told {
	what: string;
	before: string;
	after: string;
}

/** The columns of an exported history, and how wide they are in characters. */
export const COLUMN_WIDTHS: readonly number[] = [9, 20, 12, 26, 14, 36, 24, 26, 44, 44, 14];

export function columnNames(): string[] {
	return [
		m.history_export_seq(),
		m.history_export_time(),
		m.history_filter_person(),
		m.history_filter_organisation(),
		m.history_filter_kind(),
		m.history_filter_project(),
		m.history_export_project_id(),
		m.history_export_what(),
		m.history_export_before(),
		m.history_export_after(),
		m.history_clock_dated()
	];
}

/** One change as a row of a table. */
export function tableRow(change: ToldChange, names: Names): Row {
	const { what, before, after } = told(change, names);
	const { name, org } = whoDid(change);
	return [
		change.seq,
		timeInChina(change.at),
		name,
		org,
		kindWord(change.kind),
		names.projectOf(change),
		change.projectId,
		what,
		before,
		after,
		change.documentDate
	];
}

/** One change as a line of JSON: as the API gives it, and what the page says of it. */
export function jsonLine(change: ToldChange, names: Names): string {
	const { id } = change.actor;
	return `${JSON.stringify({ ...change, actor: { id, ...whoDid(change) }, told: told(change, names) })}\n`;
}

function whoDid({ actor }: ToldChange): { name: string; org: string } {
	if (actor.id === SYSTEM_ACTOR) return { name: m.history_system(), org: '' };
	const org = inLanguage(actor.org, actor.orgEn);
	return { name: actor.name || m.board_somebody(), org };
}

function told(change: ToldChange, names: Names): Told {
	const telling = tellingOf(change, names);
	switch (telling.form) {
		case 'values':
		case 'texts':
			return { what: telling.text, before: telling.before, after: telling.after };
		case 'evidence':
			return { what: telling.text, before: '', after: evidenceSaid(change.after, names) };
		case 'clash':
			return { what: telling.text, before: claimSaid(telling.lost), after: claimSaid(telling.kept) };
		case 'sentence': {
			const colon = getLocale() === 'en' ? ': ' : '：';
			const facts = (telling.content?.facts ?? []).map(({ label, text }) => label + colon + text).join('\n');
			const isGone = change.kind === 'project-removed';
			return { what: telling.text, before: isGone ? facts : '', after: isGone ? '' : facts };
		}
		default:
			return telling satisfies never;
	}
}

const claimSaid = ({ who, value }: { who: string; value: string }) =>
	(value || m.clash_empty()) + m.clash_told_of({ who });

const evidenceSaid = (evidence: ChangeValue, names: Names) => entryText('evidence', '', evidence, names);
