import { m } from '#lib/paraglide/messages.js';
import { inLanguage } from './in-language.ts';
import { wordFor } from './word-for.ts';

const NAMES: Readonly<Record<string, () => string>> = {
	unverified: m.stage_unverified,
	study: m.stage_study,
	preparation: m.stage_preparation,
	planned: m.stage_planned,
	construction: m.stage_construction,
	completion: m.stage_completion,
	operation: m.stage_operation,
	'on-hold': m.stage_on_hold,
	withdrawn: m.stage_withdrawn,
	conceived: m.stage_conceived,
	signed: m.stage_signed,
	started: m.stage_started,
	producing: m.stage_producing,
	expanded: m.stage_expanded
};

/** Ways a stage mark is drawn: the further a project has come, the fuller its disc. */
export type StageShape =
	'query' | 'empty' | 'quarter' | 'half' | 'most' | 'full' | 'done' | 'pause' | 'cross';

const SHAPES: Readonly<Record<string, StageShape>> = {
	unverified: 'query',
	study: 'empty',
	preparation: 'quarter',
	planned: 'half',
	construction: 'most',
	completion: 'full',
	operation: 'done',
	'on-hold': 'pause',
	withdrawn: 'cross',
	conceived: 'empty',
	signed: 'quarter',
	started: 'half',
	producing: 'most',
	expanded: 'done'
};

/** What the board's document says of a stage: planners may add stages and rename them. */
interface NamedStage {
	id: string;
	name: string;
	nameEn: string;
}

/**
 * The stage's word in the reader's language. Of a board's stage the name on the board, which planners may have changed;
 * of an id the word of the template; an unknown id as it is.
 */
export function stageName(stage: string | NamedStage): string {
	if (typeof stage === 'string') return wordFor(NAMES, stage);
	return inLanguage(stage.name, stage.nameEn);
}

/** How the mark of a stage is drawn; an empty disc for a stage of the board's own. */
export function stageShape(id: string): StageShape {
	return (Object.hasOwn(SHAPES, id) ? SHAPES[id] : undefined) ?? 'empty';
}
