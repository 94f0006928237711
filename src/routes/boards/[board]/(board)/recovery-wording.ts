import type { BoardDifference } from '#domain/board-differences.ts';
import type { Project, Stage } from '#domain/board.ts';
import type { ChangeValue } from '#domain/change.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale } from '#lib/paraglide/runtime.js';
import { exactMoneyText } from '#lib/signs/format.ts';
import { fieldName } from '#lib/signs/fields.ts';
import { cityName, sectorName, stageName } from '#lib/signs/terms.ts';
import type { RecoveryReason } from '#lib/sync/recovery-notes.ts';
import { displayName } from './wording.ts';

const REASONS: Readonly<Record<RecoveryReason | 'forbidden', () => string>> = {
	lost: m.board_recovery_reason_lost,
	changed: m.board_recovery_reason_changed,
	gone: m.board_recovery_reason_gone,
	forbidden: m.board_recovery_reason_forbidden
};

/** Why something is listed, in words. */
export const recoveryReason = (reason: RecoveryReason | 'forbidden'): string => REASONS[reason]();

/** What is listed: the project, stage or board it is about. */
export function recoverySubject(difference: BoardDifference, projects: readonly Project[]): string {
	switch (difference.kind) {
		case 'title':
			return m.board_recovery_title_field();
		case 'stage':
			return m.board_recovery_stage({ name: stageName(difference.copy) });
		case 'project':
			return displayName((difference.copy ?? difference.board)!);
		case 'field': {
			const project = projects.find(({ id }) => id === difference.projectId);
			return project ? displayName(project) : difference.name;
		}
		default:
			return difference satisfies never;
	}
}

/** The field, where it is one. */
export function recoveryField(difference: BoardDifference): string | undefined {
	if (difference.kind !== 'field') return undefined;
	return isReorder(difference) ? m.board_recovery_reorder() : fieldName(difference.field);
}

/** What the board has and what this device has; undefined where the subject says it all. */
export function recoveryValues(
	difference: BoardDifference,
	stages: readonly Stage[]
): { board: string; here: string } | undefined {
	switch (difference.kind) {
		case 'title':
			return { board: difference.board, here: difference.copy };
		case 'stage':
			return {
				board: difference.board ? stageName(difference.board) : nothing(),
				here: stageName(difference.copy)
			};
		case 'project':
			return undefined;
		case 'field':
			if (isReorder(difference))
				return { board: m.board_recovery_order_board(), here: m.board_recovery_order_here() };
			return {
				board: valueText(difference, difference.board, stages),
				here: valueText(difference, difference.copy, stages)
			};
		default:
			return difference satisfies never;
	}
}

type FieldOfProject = Extract<BoardDifference, { kind: 'field' }>;
type Values = { [key: string]: ChangeValue };

const nothing = () => m.board_recovery_nothing();
const isRecord = (value: ChangeValue): value is Values =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

function isReorder({ field, board, copy }: FieldOfProject): boolean {
	return field === 'place' && isRecord(board) && isRecord(copy) && board.stage === copy.stage;
}

function valueText({ field, member }: FieldOfProject, value: ChangeValue, stages: readonly Stage[]): string {
	if (value === null || value === '') return nothing();
	if (field === 'place' && isRecord(value)) {
		const stage = stages.find(({ id }) => id === value.stage);
		return stage ? stageName(stage) : String(value.stage);
	}
	if (field === 'totalInvestmentYuan' && typeof value === 'number') return exactMoneyText(value);
	if (field === 'sector') return sectorName(String(value));
	if (field === 'leadCity') return cityName(String(value));
	if (field === 'cities') return cityName(member ?? '');
	if (field === 'caveat' && isRecord(value)) return String(getLocale() === 'en' ? value.en : value.zh);
	if (isRecord(value)) return Object.values(value).filter(Boolean).map(String).join(' · ');
	return typeof value === 'object' ? JSON.stringify(value) : value === true ? (member ?? '') : String(value);
}
