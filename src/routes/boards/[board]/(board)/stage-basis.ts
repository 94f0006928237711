import type { Project } from '#domain/board.ts';
import { type Evidence, inDateOrder, newestEvidence } from '#domain/evidence.ts';
import { boardStageOf } from '#domain/stages.ts';

/** When and by whom a project was last moved by hand. */
export interface LastMove {
	at: string;
	actorId: string;
}

/** What a card's stage rests on: a document that says so, a person who moved it, or neither. */
export type StageBasis =
	{ kind: 'document'; evidence: Evidence } | { kind: 'moved'; move: LastMove } | { kind: 'none' };

/**
 * What to show as date and source of a project's stage. The newest document counts if it supports the column; else the
 * hand that moved it; else the newest of the older documents that do.
 */
export function stageBasisOf(project: Project, move: LastMove | undefined): StageBasis {
	const supports = (item: Evidence) => boardStageOf(item.stage) === project.stage;
	const newest = newestEvidence(project.evidence);
	if (newest && supports(newest)) return { kind: 'document', evidence: newest };
	if (move) return { kind: 'moved', move };
	const older = inDateOrder(project.evidence).findLast(supports);
	return older ? { kind: 'document', evidence: older } : { kind: 'none' };
}
