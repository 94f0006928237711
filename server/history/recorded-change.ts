import { type Change, type RecordedChange, SYSTEM_ACTOR } from '#domain/change.ts';

/** What a row says that is about the board as a whole and no value of it; each says what it is besides. */
export const ABOUT_NOTHING = {
	documentDate: null,
	projectId: null,
	projectName: null,
	stageId: null,
	field: null,
	member: null,
	before: null,
	after: null
};

/** What is known of the entry that changes come from. */
interface Stamp {
	seq: number;
	at: string;
	actorId: string;
	/** Of the person at a page; null for programs, and for what a board began with. */
	sessionId: string | null;
}

/**
 * Numbers and stamps the changes of one journal entry; evidence stands at its document's date as well.
 * @param isInLibrary whether the library has a project of an id: who adds it from a page took it from there
 */
export function recordChanges(
	{ sessionId, ...entry }: Stamp,
	changes: readonly Change[],
	isInLibrary: (projectId: string) => boolean = () => false
): RecordedChange[] {
	const isAtPage = sessionId !== null && entry.actorId !== SYSTEM_ACTOR;
	return changes.map((change, index) => ({
		...change,
		kind:
			isAtPage && change.kind === 'project-added' && isInLibrary(change.projectId!)
				? 'project-taken'
				: change.kind,
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
