import { m } from '#lib/paraglide/messages.js';
import { fieldName } from '#lib/signs/fields.ts';
import type { Fold } from './fold-rows.ts';

/** What many changes of one kind did, in words. */
export function foldText({ kind, field, count, evidence }: Fold): string {
	if (evidence > 0)
		return m.history_fold_with_evidence({ text: plainText(kind, field, count), count: evidence });
	return plainText(kind, field, count);
}

function plainText(kind: Fold['kind'], key: string | null, count: number): string {
	const field = fieldName(key ?? '');
	switch (kind) {
		case 'project-added':
			return m.history_fold_added({ count });
		case 'project-taken':
			return m.history_fold_taken({ count });
		case 'project-removed':
			return m.history_fold_removed({ count });
		case 'project-restored':
			return m.history_fold_restored({ count });
		case 'project-moved':
			return m.history_fold_moved({ count });
		case 'project-reordered':
			return m.history_fold_reordered({ count });
		case 'notes-edited':
			return m.history_fold_notes({ count });
		case 'evidence-added':
			return m.history_fold_evidence({ count });
		case 'member-added':
			return m.history_fold_entries_added({ field, count });
		case 'member-removed':
			return m.history_fold_entries_removed({ field, count });
		default:
			return m.history_fold_values({ field, count });
	}
}
