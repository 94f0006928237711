import type { ChangeKind } from '#domain/change.ts';
import { m } from '#lib/paraglide/messages.js';
import { KIND_GROUP_NAMES, KIND_GROUPS, type KindGroup } from './history-filter.ts';

const WORDS: Record<KindGroup, () => string> = {
	moved: m.history_kind_moved,
	values: m.history_kind_values,
	notes: m.history_kind_notes,
	evidence: m.history_kind_evidence,
	came: m.history_kind_came,
	gone: m.history_kind_gone,
	clashes: m.clash_kind,
	ordered: m.history_kind_ordered,
	layout: m.history_kind_layout,
	versions: m.history_kind_versions,
	sessions: m.history_kind_sessions,
	refused: m.history_kind_refused
};

/** What a group of kinds is called. */
export const kindGroupWord = (group: KindGroup): string => WORDS[group]();

/** What the kind of a change is called: by the group people ask for it with. */
export function kindWord(kind: ChangeKind): string {
	const group = KIND_GROUP_NAMES.find((name) => (KIND_GROUPS[name] as readonly ChangeKind[]).includes(kind));
	return group ? kindGroupWord(group) : kind;
}
