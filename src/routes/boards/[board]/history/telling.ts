import type { ChangeValue, RecordedChange } from '#domain/change.ts';
import { clashOf, isRemoval } from '#domain/clash.ts';
import { m } from '#lib/paraglide/messages.js';
import { fieldName } from '#lib/signs/fields.ts';
import { inLanguage } from '#lib/signs/in-language.ts';
import { wordFor } from '#lib/signs/word-for.ts';
import type { Names } from './history-names.svelte.ts';
import { clashSubject, isWhole } from '../clash-words.ts';
import { claimsTold, type ClaimTold, nameOf } from './claims-told.ts';
import { tellingOfAct } from './telling-of-act.ts';
import { contentOf, entryText, valuePair } from './value-text.ts';

/** What a row says of one change, in words; `values` shows what was and what is, `texts` what differs between them. */
export type Telling =
	| { form: 'sentence'; text: string; content?: { label: string; facts: { label: string; text: string }[] } }
	| { form: 'values'; text: string; before: string; after: string; verb: 'changed' | 'moved' | 'entry' }
	| { form: 'texts'; text: string; before: string; after: string }
	| { form: 'evidence'; text: string }
	| { form: 'clash'; text: string; kept: ClaimTold; lost: ClaimTold };

/** From here on two texts are compared word by word rather than shown one after the other. */
const COMPARED_CHARS = 30;

const stageOf = (place: ChangeValue): string =>
	typeof place === 'object' && place !== null && !Array.isArray(place) ? String(place.stage ?? '') : '';
const plain = (value: ChangeValue): string => (typeof value === 'string' ? value : '');

/** Says what happened in natural words. */
export function tellingOf(change: RecordedChange, names: Names): Telling {
	const { kind, before, after } = change;
	switch (kind) {
		case 'project-added':
		case 'project-taken':
		case 'project-restored':
		case 'project-removed':
			return wholeProject(change, names);
		case 'project-reordered':
			return { form: 'sentence', text: m.history_reordered({ stage: names.stage(change.stageId ?? '') }) };
		case 'project-moved': {
			const [from, to] = [names.stage(stageOf(before)), names.stage(stageOf(after))];
			return { form: 'values', text: m.history_moved(), before: from, after: to, verb: 'moved' };
		}
		case 'field-set':
			return field(change, names);
		case 'member-added':
		case 'member-changed':
		case 'member-removed':
			return entry(change, names);
		case 'notes-edited':
			return { form: 'texts', text: m.history_notes_edited(), before: plain(before), after: plain(after) };
		case 'evidence-added':
			return { form: 'evidence', text: m.history_evidence_added() };
		case 'stage-added':
		case 'stage-removed':
		case 'stage-changed':
			return stage(change, names);
		case 'board-changed':
			return board(change, names);
		case 'clash':
			return clash(change, names);
		case 'clash-settled':
		case 'version-named':
		case 'version-changed':
		case 'version-removed':
		case 'edit-refused':
		case 'session-begun':
		case 'session-ended':
			return tellingOfAct({ ...change, kind }, names);
		default:
			return kind satisfies never;
	}
}

function values(text: string, pair: { before: string; after: string }): Telling {
	return { form: 'values', text, ...pair, verb: 'changed' };
}

function field({ field: key, before, after }: RecordedChange, names: Names): Telling {
	const pair = valuePair(key ?? '', { before, after }, names);
	const isLong = Math.min(pair.before.length, pair.after.length) > COMPARED_CHARS;
	return isLong ? { form: 'texts', text: fieldName(key ?? ''), ...pair } : values(fieldName(key ?? ''), pair);
}

const CAME = {
	'project-added': m.history_added_project,
	'project-taken': m.history_taken_project,
	'project-restored': m.history_restored_project
};

function wholeProject({ kind, stageId, before, after }: RecordedChange, names: Names): Telling {
	const at = { stage: names.stage(stageId ?? '') };
	const isRemoval = kind === 'project-removed';
	const facts = contentOf(isRemoval ? before : after, names);
	const label = isRemoval ? m.history_content_removed() : m.history_content_added();
	const content = facts.length > 0 ? { content: { label, facts } } : {};
	if (isRemoval) return { form: 'sentence', text: m.history_removed_project(at), ...content };
	return { form: 'sentence', text: CAME[kind as keyof typeof CAME](at), ...content };
}

function entry({ kind, field, member, before, after }: RecordedChange, names: Names): Telling {
	const told = (value: ChangeValue) =>
		value === null ? '' : entryText(field ?? '', member ?? '', value, names);
	const pair = { before: told(before), after: told(after) };
	const words = { field: fieldName(field ?? '') };
	if (kind === 'member-changed') return values(m.history_entry_changed(words), pair);
	const text = kind === 'member-added' ? m.history_entry_added(words) : m.history_entry_removed(words);
	return { form: 'values', text, ...pair, verb: 'entry' };
}

function stage({ kind, stageId, field, before, after }: RecordedChange, names: Names): Telling {
	const name = names.stage(stageId ?? '');
	if (kind === 'stage-added')
		return { form: 'values', text: m.history_stage_added(), before: '', after: nameIn(after), verb: 'entry' };
	if (kind === 'stage-removed')
		return {
			form: 'values',
			text: m.history_stage_removed(),
			before: nameIn(before),
			after: '',
			verb: 'entry'
		};
	const pair = { before: plain(before), after: plain(after) };
	if (field === 'name') return values(m.history_stage_renamed(), pair);
	if (field === 'nameEn') return values(m.history_stage_renamed_en({ stage: name }), pair);
	return { form: 'sentence', text: m.history_stage_ordered({ stage: name }) };
}

/** What a stage that was added or removed is called. */
function nameIn(picture: ChangeValue): string {
	if (typeof picture !== 'object' || picture === null || Array.isArray(picture)) return '';
	return inLanguage(plain(picture.name ?? ''), plain(picture.nameEn ?? ''));
}

function board({ field, before, after }: RecordedChange, names: Names): Telling {
	const words = {
		title: m.history_board_title,
		template: m.history_board_template,
		schema: m.history_board_schema
	};
	const text = wordFor(words, field ?? '');
	return values(text, valuePair(field ?? '', { before, after }, names));
}

function clash(change: RecordedChange, names: Names): Telling {
	const told = clashOf(change);
	const [kept, lost] = [nameOf(told.kept.actorId, names), nameOf(told.lost.actorId, names)];
	if (isRemoval(told)) {
		const facts = contentOf(told.lost.value, names, []);
		const text = m.clash_told_removed({ who: lost });
		return { form: 'sentence', text, content: { label: m.clash_told_content(), facts } };
	}
	const what = clashSubject(told, names);
	if (isWhole(told)) return { form: 'sentence', text: m.clash_told_whole({ what, who: kept }) };
	return { form: 'clash', text: m.clash_told({ what }), ...claimsTold(told, names) };
}
