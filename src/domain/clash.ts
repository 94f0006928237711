import { changesBoard, type ChangeValue, type RecordedChange } from './change.ts';

/** What one of two people set; null where they cleared it, and for a whole project, map or rich text. */
export type Claim = { actorId: string; value: ChangeValue };

/** Where something stands on a board: the board's own field, a stage's, or a project's, or an entry of one of these. */
export type ChangedPlace = Pick<RecordedChange, 'projectId' | 'stageId' | 'field' | 'member'>;

/** Two people changed one place without having seen each other's value: one of the two stands. */
export interface Clash extends ChangedPlace {
	/** Number of the entry that brought the second value, and which of its changes the clash is. */
	seq: number;
	index: number;
	at: string;
	projectName: string | null;
	kept: Claim;
	lost: Claim;
}

/** What a person can say to a clash without changing anything. */
export const CLASH_CHOICES = ['kept'] as const;
export type ClashChoice = (typeof CLASH_CHOICES)[number];

/** A clash as its change row tells it. */
export function clashOf(change: RecordedChange): Clash {
	const { seq, index, at, projectId, projectName, stageId, field, member, before, after } = change;
	const place = { projectId, projectName, stageId, field, member };
	return { seq, index, at, ...place, kept: after as Claim, lost: before as Claim };
}

/** Whether a later change has decided about what a clash was about: somebody set that place anew, or all around it. */
export function isDecidedBy(clash: Clash, change: RecordedChange): boolean {
	if (!changesBoard(change.kind) || change.seq <= clash.seq || change.projectId !== clash.projectId)
		return false;
	if (clash.projectId === null && change.stageId !== clash.stageId) return false;
	if (change.field === null) return true;
	return change.field === clash.field && (clash.member === null || change.member === clash.member);
}

/** Whether a clash is about whether a project stands on the board at all: one removed what the other changed. */
export function isRemoval({ projectId, field, kept, lost }: Clash): boolean {
	return projectId !== null && field === null && kept.value === null && lost.value !== null;
}
