import type { ActKind, ChangeKind, ChangeValue, RecordedChange } from '#domain/change.ts';
import { clashOf, isRemoval } from '#domain/clash.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { fieldName } from '#lib/signs/fields.ts';
import { momentText } from '#lib/signs/format.ts';
import { clashSubject, isWhole } from '../clash-words.ts';
import { claimsTold, nameOf } from './claims-told.ts';
import type { Names } from './history-names.svelte.ts';
import type { Telling } from './telling.ts';

type SessionKind = Extract<ChangeKind, `session-${string}`>;
type Values = Readonly<Record<string, ChangeValue>>;

const recordOf = (value: ChangeValue): Values =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
const textIn = (record: Values, key: string): string => {
	const value = record[key];
	return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

/** Says of what was done about a board without changing it, and of who was at work when, what happened. */
export function tellingOfAct(
	change: RecordedChange & { kind: ActKind | SessionKind },
	names: Names
): Telling {
	const { kind, before, after } = change;
	switch (kind) {
		case 'version-named':
			return { form: 'sentence', text: m.history_version_named(momentNamed(after)) };
		case 'version-changed':
			return versionChanged(recordOf(before), recordOf(after));
		case 'version-removed':
			return { form: 'sentence', text: m.history_version_removed(momentNamed(before)) };
		case 'clash-settled':
			return settled(change, names);
		case 'edit-refused':
			return refused(change);
		case 'session-begun':
			return { form: 'sentence', text: m.history_session_begun() };
		case 'session-ended':
			return sessionEnded(change, names);
		default:
			return kind satisfies never;
	}
}

function momentNamed(version: ChangeValue): { name: string; seq: string } {
	const record = recordOf(version);
	return { name: textIn(record, 'name'), seq: textIn(record, 'seq') };
}

function versionChanged(before: Values, after: Values): Telling {
	const [was, is] = [textIn(before, 'name'), textIn(after, 'name')];
	const isRenamed = was !== is;
	return {
		form: 'values',
		verb: 'changed',
		text: isRenamed ? m.history_version_renamed() : m.history_version_note({ name: is }),
		before: isRenamed ? was : textIn(before, 'note'),
		after: isRenamed ? is : textIn(after, 'note')
	};
}

function settled(change: RecordedChange, names: Names): Telling {
	const clash = clashOf(change);
	const what = clashSubject(clash, names);
	if (!isWhole(clash) && !isRemoval(clash))
		return { form: 'clash', text: m.history_clash_settled({ what }), ...claimsTold(clash, names) };
	const who = nameOf(clash.kept.actorId, names);
	return { form: 'sentence', text: m.history_clash_settled_whole({ what, who }) };
}

const REASONS: Readonly<Record<string, () => string>> = {
	forbidden: m.history_refused_forbidden,
	schema: m.board_refused_schema,
	'too-large': m.board_refused_too_large,
	conflict: m.board_refused_conflict
};

function refused({ field, after }: RecordedChange): Telling {
	const reason = (REASONS[textIn(recordOf(after), 'code')] ?? m.board_refused_other)();
	const text =
		field === null
			? m.history_refused({ reason })
			: m.history_refused_field({ field: fieldName(field), reason });
	return { form: 'sentence', text };
}

function sessionEnded({ at, after: facts }: RecordedChange, names: Names): Telling {
	const after = recordOf(facts);
	const people = Array.isArray(after.people) ? after.people.map(String) : [];
	const from = momentText(textIn(after, 'begunAt') || at);
	const text = m.history_session_ended({ from, people: people.length, entries: textIn(after, 'entries') });
	const who = [
		{
			label: m.history_session_people(),
			text: new Intl.ListFormat(getLocale()).format(people.map((id) => nameOf(id, names)))
		}
	];
	return { form: 'sentence', text, content: { label: m.history_session_people(), facts: who } };
}
