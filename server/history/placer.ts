import type { Project, Stage } from '#domain/board.ts';
import type { Picture } from './checkpoint.ts';

/**
 * Puts projects into the stages there were, as the reader of documents does: one that names none of them stands in the
 * first.
 * @returns a project in its stage; `isWhereItIs` = its place is that of now
 */
export function placerOf(
	stages: readonly Stage[],
	now: Pick<Picture, 'board' | 'stageNamed'>
): (project: Project, place: { isWhereItIs: boolean }) => Project {
	const ids = new Set(stages.map(({ id }) => id));
	const fallback = stages[0]?.id ?? '';
	const present = now.board.stages;
	const isLaidOutAlike =
		fallback === present[0]?.id && ids.size === present.length && present.every(({ id }) => ids.has(id));
	return (project, { isWhereItIs }) => {
		if (isWhereItIs && isLaidOutAlike) return project;
		// what a project of now shows may be a stand-in for a stage that has gone
		const named = isWhereItIs ? now.stageNamed(project.id) : project.stage;
		const stage = ids.has(named) ? named : fallback;
		return stage === project.stage ? project : { ...project, stage };
	};
}
