/** The two ways a board can be laid out; a board has one and nobody maps one onto the other. */
export const TEMPLATES = ['stages', 'investment'] as const;
export type Template = (typeof TEMPLATES)[number];

export const ENGINEERING_STAGES = [
	'unverified',
	'study',
	'preparation',
	'planned',
	'construction',
	'completion',
	'operation',
	'on-hold',
	'withdrawn'
] as const;
export const INVESTMENT_STAGES = ['conceived', 'signed', 'started', 'producing', 'expanded'] as const;

/** Stages beside the main way of a project: shown, but not a step of progress. */
export const SIDE_STAGES: readonly string[] = ['unverified', 'on-hold', 'withdrawn'];

/** What the words of a planning document say about a project, finer than the board's columns. */
export const STATED_STAGES = [
	'study',
	'preparation',
	'planned',
	'signed',
	'starting',
	'construction',
	'completing',
	'operating',
	'programme',
	'unclear'
] as const;
export type StatedStage = (typeof STATED_STAGES)[number];

const BOARD_STAGE: Record<StatedStage, (typeof ENGINEERING_STAGES)[number]> = {
	study: 'study',
	preparation: 'preparation',
	planned: 'planned',
	signed: 'planned',
	starting: 'construction',
	construction: 'construction',
	completing: 'completion',
	operating: 'operation',
	programme: 'unverified',
	unclear: 'unverified'
};

/** The engineering column a document's statement supports; `unverified` where it settles nothing. */
export function boardStageOf(stated: StatedStage): (typeof ENGINEERING_STAGES)[number] {
	return BOARD_STAGE[stated];
}
