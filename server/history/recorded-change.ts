import type { Change, RecordedChange } from '#domain/change.ts';

/** Numbers and stamps the changes of one journal entry; evidence stands at its document's date as well. */
export function recordChanges(
	entry: { seq: number; at: string; actorId: string },
	changes: readonly Change[]
): RecordedChange[] {
	return changes.map((change, index) => ({
		...change,
		...entry,
		index,
		documentDate: documentDateOf(change)
	}));
}

function documentDateOf({ kind, after }: Change): string | null {
	if (kind !== 'evidence-added' || typeof after !== 'object' || after === null || Array.isArray(after))
		return null;
	return typeof after.date === 'string' ? after.date : null;
}
