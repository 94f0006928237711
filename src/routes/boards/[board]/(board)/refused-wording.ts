import type { Project, Stage } from '#domain/board.ts';
import { wordsOf } from '#doc/board-copy.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { exactMoneyText } from '#lib/signs/format.ts';
import { fieldName } from '#lib/signs/fields.ts';
import { cityName, sectorName, stageName } from '#lib/signs/terms.ts';
import type { RefusedEdit } from '#lib/sync/refused-edits.svelte.ts';
import { displayName } from './wording.ts';

const REASONS: Readonly<Record<string, () => string>> = {
	forbidden: m.board_refused_forbidden,
	schema: m.board_refused_schema,
	'too-large': m.board_refused_too_large,
	conflict: m.board_refused_conflict,
	'project-removed': m.board_refused_removed
};

/** Why an edit was not accepted, in words. */
export function refusedReason({ code }: RefusedEdit): string {
	return (REASONS[code] ?? m.board_refused_other)();
}

/** The project an edit was about, by the name it had there. */
export function refusedProject({ attempt, path }: Pick<RefusedEdit, 'attempt' | 'path'>): string {
	return attempt ? displayName(attempt) : (path[1] ?? m.board_refused_board());
}

/** What an edit was about: the project and the field. */
export function refusedSubject({ attempt, path }: RefusedEdit): string {
	const [, id, field] = path;
	const name = attempt || id ? refusedProject({ attempt, path }) : m.board_refused_board();
	return field ? m.board_refused_what({ name, field: fieldName(field) }) : name;
}

/** What the field would have held; undefined where a line of text would not say it. */
export function refusedValue(
	{ attempt, path, notes }: RefusedEdit,
	stages: readonly Stage[]
): string | undefined {
	const field = path[2];
	if (notes) return wordsOf(notes.mine);
	if (!attempt || field === undefined) return undefined;
	if (field === 'place') return stageText(attempt.stage, stages);
	if (field === 'totalInvestmentYuan')
		return attempt.totalInvestmentYuan === null ? undefined : exactMoneyText(attempt.totalInvestmentYuan);
	if (field === 'sector') return sectorName(attempt.sector);
	if (field === 'leadCity') return attempt.leadCity === null ? undefined : cityName(attempt.leadCity);
	if (field === 'cities') return new Intl.ListFormat(getLocale()).format(attempt.cities.map(cityName));
	const value = attempt[field as keyof Project];
	return typeof value === 'string' ? value : undefined;
}

function stageText(stageId: string, stages: readonly Stage[]): string {
	const stage = stages.find(({ id }) => id === stageId);
	return stage ? stageName(stage) : stageId;
}
